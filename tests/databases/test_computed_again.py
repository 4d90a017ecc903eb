"""A table with a computed column can be rebuilt: the column is left out of the copy, and is in its place afterwards."""

from sqlalchemy import CheckConstraint, Column, Computed, Integer, MetaData, String, Table
from support.databases import where
from support.truth import Truth


def models(*extra: Column, length: int = 20) -> MetaData:
    metadata = MetaData()
    Table(
        "items",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("price", Integer),
        Column("twice", Integer, Computed("price * 2", persisted=True), index=True),
        Column("name", String(length)),
        *extra,
    )
    return metadata


def test_a_table_with_a_computed_column_changes_and_keeps_it(evolution):
    evolution.become(models(Column("gone", Integer)))
    evolution.execute("INSERT INTO items (id, price) VALUES (1, 4)")
    evolution.write(models(Column("new", Integer, nullable=False), length=50), Truth(evolution.project.dialect))
    evolution.assert_up_down_up(look=lambda _: assert_twice(evolution))


def assert_twice(evolution) -> None:
    assert evolution.rows("SELECT twice FROM items") == [(8,)]


def with_comment(comment: str | None) -> MetaData:
    metadata = MetaData()
    twice = Column("twice", Integer, Computed("price * 2", persisted=True), comment=comment)
    Table("items", metadata, Column("id", Integer, primary_key=True), Column("price", Integer), twice)
    return metadata


def test_a_computed_column_gets_another_comment(evolution):
    evolution.become(with_comment(None))
    evolution.execute("INSERT INTO items (id, price) VALUES (1, 4)")
    written = evolution.write(with_comment("for two"), Truth(evolution.project.dialect))
    if written is not None:  # SQLite has no comments
        evolution.assert_up_down_up(look=lambda _: assert_twice(evolution))
    assert (written is None) is (evolution.dialect_name == "sqlite")


def test_a_computed_column_goes_after_others_have_made_the_table_anew(evolution):
    """It is in the copies before, although this revision drops it."""
    before, after = MetaData(), MetaData()
    twice = Column("twice", Integer, Computed("price * 2", persisted=True))
    Table("items", before, Column("id", Integer, primary_key=True), Column("price", Integer), twice)
    Table("items", after, Column("id", Integer, primary_key=True), *_filled("a", "b"))
    evolution.become(before)
    evolution.execute("INSERT INTO items (id, price) VALUES (1, 4)")
    evolution.write(after, Truth(evolution.project.dialect))
    evolution.assert_up_down_up()


def _filled(*names: str) -> list[Column]:
    return [Column(name, String(9), nullable=False) for name in names]


def named(length: int, *extra: Column | CheckConstraint) -> MetaData:
    metadata = MetaData()
    name = Column("name", String(length, collation="NOCASE"))
    Table("items", metadata, Column("id", Integer, primary_key=True), name, Column("size", Integer), *extra)
    return metadata


@where(lambda dialect: dialect.needs_batch)
def test_a_table_that_is_made_anew_keeps_the_collations_of_its_columns(evolution):
    evolution.become(named(20, Column("gone", Integer)))
    evolution.execute("INSERT INTO items (id, name) VALUES (1, 'Box')")
    evolution.write(named(20, CheckConstraint("size > 0", name="ck_size")))
    evolution.assert_up_down_up(
        look=lambda _: finds(evolution.rows("SELECT name FROM items WHERE name = 'bOX'"), [("Box",)])
    )


def finds(rows: object, expected: object) -> None:
    assert rows == expected
