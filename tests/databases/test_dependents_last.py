"""A column that moves, or that others are computed from, may change its type in the same revision."""

from sqlalchemy import BigInteger, Column, Computed, Integer, MetaData, SmallInteger, Table


def models(*columns: Column) -> MetaData:
    metadata = MetaData()
    Table("items", metadata, Column("id", Integer, primary_key=True), *columns)
    return metadata


def test_a_column_that_moves_has_its_old_type_again_after_downgrade(evolution):
    evolution.become(models(Column("a", Integer), Column("b", SmallInteger), Column("c", Integer)))
    evolution.execute("INSERT INTO items (id, a, b, c) VALUES (1, 2, 3, 4)")
    evolution.write(models(Column("c", BigInteger), Column("a", Integer), Column("b", Integer)))
    evolution.assert_up_down_up(look=lambda _: assert_row(evolution, "a, b, c", (2, 3, 4)))


def test_a_new_column_is_computed_from_one_that_has_its_new_type(evolution):
    evolution.become(models(Column("a", Integer)))
    evolution.execute("INSERT INTO items (id, a) VALUES (1, 2)")
    evolution.write(models(Column("a", BigInteger), Column("twice", BigInteger, Computed("a * 2", persisted=True))))
    evolution.assert_up_down_up(look=lambda _: assert_row(evolution, "a", (2,)))
    assert_row(evolution, "twice", (4,))


def test_a_computed_column_goes_before_the_one_that_it_is_computed_from_changes(evolution):
    evolution.become(models(Column("a", Integer), Column("twice", BigInteger, Computed("a * 2", persisted=True))))
    evolution.execute("INSERT INTO items (id, a) VALUES (1, 2)")
    evolution.write(models(Column("a", BigInteger)))
    evolution.assert_up_down_up(look=lambda _: assert_row(evolution, "a", (2,)))


def test_a_column_that_comes_behind_the_one_that_waits_stands_behind_it(evolution):
    evolution.become(models(Column("a", Integer)))
    twice = Column("twice", BigInteger, Computed("a * 2", persisted=True))
    evolution.write(models(Column("a", BigInteger), twice, Column("last", Integer)))
    evolution.assert_up_down_up()
    if evolution.project.dialect.moves_columns:
        assert evolution.description()["order of the columns of items"] == "id, a, twice, last"


def assert_row(evolution, columns: str, row: tuple[int, ...]) -> None:
    assert evolution.rows(f"SELECT {columns} FROM items") == [row]
