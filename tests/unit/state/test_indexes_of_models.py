"""Indexes that models declare in a way that no CREATE would take, but that projects have."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Table

from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.reflected import schema_of
from alembic_manage.state.schema import Schema


def names_on(table: Table, dialect: str) -> list[str | None]:
    """The indexes of a table on one kind of database."""
    schema = Schema(dialect_named(dialect))
    made = schema_of([table], schema, state_dialect(schema, dialect))
    return [index.name for index in made.tables[made.key(None, table.name)].indexes]


def test_one_of_two_with_the_same_name_counts() -> None:
    table = Table("a", MetaData(), Column("key", Integer, index=True), Index("ix_a_key", "key"))
    assert names_on(table, "sqlite") == ["ix_a_key"]


def test_one_for_another_database_does_not_count() -> None:
    table = Table(
        "a",
        MetaData(),
        Column("key", Integer),
        Index("ix_a_here", "key").ddl_if(dialect="sqlite"),
        Index("ix_a_there", "key").ddl_if(dialect=("postgresql", "mysql")),
    )
    assert names_on(table, "sqlite") == ["ix_a_here"]
    assert names_on(table, "postgresql") == ["ix_a_there"]


def test_one_of_no_column_does_not_count() -> None:
    assert names_on(Table("a", MetaData(), Column("key", Integer), Index("ix_a_nothing")), "sqlite") == []
