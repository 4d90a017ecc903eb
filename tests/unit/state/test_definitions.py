"""SQLAlchemy's tables read as objects of the state."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from support.states import State

from alembic_manage.state.definitions import Reader
from alembic_manage.state.objects import Check, Exclude, ForeignKey, IndexPart, Key, PrimaryKey, Unique


def read(name: str = "postgresql") -> Reader:
    state = State(name)
    return Reader(state.dialect, state.schema)


def table(*items, **options) -> sa.Table:
    return sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *items, **options)


@pytest.mark.parametrize(
    ("default", "text"),
    [
        ("x", "'x'"),
        ("it's", "'it''s'"),
        (sa.text("now()"), "now()"),
        (sa.func.now(), "now()"),
        (sa.true(), "true"),
        (sa.literal(5), "5"),
    ],
)
def test_a_default_is_the_sql_behind_default(default, text):
    assert read().column(sa.Column("c", sa.String, server_default=default)).default == text


def test_sqlite_wants_parentheses_around_an_expression():
    assert read("sqlite").column(sa.Column("c", sa.DateTime, server_default=sa.func.now())).default == (
        "(CURRENT_TIMESTAMP)"
    )


def test_python_s_default_is_none():
    assert read().column(sa.Column("c", sa.Integer, default=5)).default is None


def test_the_first_integer_of_a_primary_key_is_numbered():
    made = read().table(table(sa.Column("n", sa.Integer)))
    assert [column.autoincrement for column in made.columns.values()] == [True, False]
    assert made.constraints == (PrimaryKey(None, ("id",)),)


def test_identity_and_computed_columns():
    made = read().table(
        table(
            sa.Column("n", sa.Integer, sa.Identity(always=True, start=5)),
            sa.Column("d", sa.Integer, sa.Computed("id * 2", persisted=True)),
        )
    )
    assert dict(made.columns["n"].identity) == {"always": True, "start": 5}
    assert (made.columns["d"].computed.text, made.columns["d"].computed.persisted) == ("id * 2", True)
    assert made.columns["d"].default is None


def test_constraints_of_a_table():
    made = read().table(
        table(
            sa.Column("a", sa.Integer, sa.ForeignKey("books.other.id", ondelete="CASCADE")),
            sa.Column("b", sa.Integer, sa.CheckConstraint("b > 0", name="at_column"), unique=True),
            sa.CheckConstraint(sa.column("a") > 1, name="at_table"),
        )
    )
    found = made.constraints
    assert ForeignKey(None, ("a",), Key("books", "other"), ("id",), ondelete="CASCADE") in found
    assert Unique(None, ("b",)) in found
    assert Check("at_column", "b > 0") in found
    assert Check("at_table", "a > 1") in found


def test_mariadb_keeps_no_checks_of_columns():
    made = read("mysql").table(table(sa.Column("b", sa.Integer, sa.CheckConstraint("b > 0"))))
    assert [each.kind for each in made.constraints] == ["primary"]


def test_a_foreign_key_that_comes_later_is_no_part_of_the_table():
    column = sa.Column("a", sa.Integer, sa.ForeignKey("other.id", use_alter=True, name="fk"))
    assert [each.kind for each in read().table(table(column)).constraints] == ["primary"]


def test_an_exclusion_constraint():
    made = read().table(
        table(sa.Column("during", postgresql.TSRANGE), postgresql.ExcludeConstraint(("during", "&&"), name="x"))
    )
    assert Exclude("x", (("during", "&&"),)) in made.constraints


def test_the_naming_convention_names():
    metadata = sa.MetaData(
        naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s", "ix": "ix_%(column_0_label)s"}
    )
    made = sa.Table("t", metadata, sa.Column("a", sa.Integer, unique=True), sa.Column("b", sa.Integer, index=True))
    assert [each.name for each in read().table(made).constraints] == ["uq_t_a"]
    assert [read().index(each).name for each in made.indexes] == ["ix_t_b"]


def test_an_index_with_expressions_and_options():
    made = table(sa.Column("name", sa.Text))
    index = sa.Index(
        "i",
        made.c.id,
        sa.func.lower(made.c.name),
        unique=True,
        postgresql_where=made.c.id > 5,
        postgresql_concurrently=True,
        postgresql_include=["name"],
    )
    found = read().index(index)
    assert found.parts == (IndexPart("id"), IndexPart("lower(name)", is_column=False))
    assert found.unique
    assert found.options == {"postgresql_where": "id > 5", "postgresql_include": ["name"]}


def test_comments_come_with_the_table_only_where_they_are_part_of_it():
    made = table(sa.Column("a", sa.Integer, comment="hers"), comment="its")
    assert read("mysql").table(made).comment == "its"
    assert read("postgresql").table(made).columns["a"].comment is None
