"""What SQLAlchemy's inspector is told of the state."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError
from support.states import KINDS, State


def library() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "books",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(20), nullable=False, server_default="x"),
        sa.Column("author_id", sa.ForeignKey("authors.id", name="fk_author", ondelete="CASCADE")),
        sa.UniqueConstraint("title", name="uq_title"),
        sa.CheckConstraint("title <> ''", name="ck_title"),
        sa.Index("ix_both", "title", "author_id"),
    )
    sa.Table("authors", metadata, sa.Column("id", sa.Integer, primary_key=True), comment="who wrote them")
    return metadata


@pytest.fixture(params=KINDS)
def state(request) -> State:
    return State(request.param, library())


def test_tables_columns_and_keys(state):
    inspector = sa.inspect(state.engine)
    assert inspector.get_table_names() == ["authors", "books"]
    title = next(column for column in inspector.get_columns("books") if column["name"] == "title")
    assert (str(title["type"]), title["nullable"], title["default"]) == ("VARCHAR(20)", False, "'x'")
    assert inspector.get_pk_constraint("books")["constrained_columns"] == ["id"]
    (foreign_key,) = inspector.get_foreign_keys("books")
    assert (foreign_key["name"], foreign_key["referred_table"], foreign_key["referred_columns"]) == (
        "fk_author",
        "authors",
        ["id"],
    )
    assert foreign_key["options"] == {"ondelete": "CASCADE"}
    assert [each["name"] for each in inspector.get_check_constraints("books")] == ["ck_title"]
    assert [each["name"] for each in inspector.get_unique_constraints("books")] == ["uq_title"]
    assert "ix_both" in [each["name"] for each in inspector.get_indexes("books")]


def test_what_is_there_and_what_is_not(state):
    inspector = sa.inspect(state.engine)
    assert inspector.has_table("books")
    assert not inspector.has_table("absent")
    assert inspector.has_index("books", "ix_both")
    assert not inspector.has_index("books", "absent")
    assert inspector.get_view_names() == []
    with pytest.raises(NoSuchTableError):
        inspector.get_columns("absent")


def test_a_table_is_reflected(state):
    table = sa.Table("books", sa.MetaData(), autoload_with=state.engine)
    assert list(table.c.keys()) == ["id", "title", "author_id"]
    assert [each.name for each in table.foreign_key_constraints] == ["fk_author"]
    assert table.metadata.tables["authors"].primary_key


def test_postgresql_s_schemas_types_and_sequences():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("m", sa.Enum("a", "b", name="mood", schema="kinds")), schema="kinds")
    sa.Sequence("s", metadata=metadata)
    state = State("postgresql")
    with state.engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("kinds"))
    metadata.create_all(state.engine)
    inspector = sa.inspect(state.engine)
    assert inspector.get_schema_names() == ["kinds", "public"]
    assert inspector.get_table_names(schema="kinds") == ["t"]
    assert inspector.get_table_names() == []
    assert inspector.get_sequence_names() == ["s"]
    (enum,) = inspector.get_enums(schema="*")
    assert (enum["name"], enum["schema"], enum["labels"]) == ("mood", "kinds", ["a", "b"])


def test_comments_options_identity_and_computed_columns():
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("n", sa.Integer, sa.Identity(start=5), comment="number"),
        sa.Column("d", sa.Integer, sa.Computed("n * 2", persisted=True)),
        comment="all of it",
    )
    inspector = sa.inspect(State("postgresql", metadata).engine)
    number, doubled = inspector.get_columns("t")
    assert (number["comment"], number["identity"]["start"]) == ("number", 5)
    assert doubled["computed"]["sqltext"] == "n * 2"
    assert inspector.get_table_comment("t") == {"text": "all of it"}
