"""What is known about a column that an operation is about: in the models, and in the schema before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.state.objects import ForeignKey, Index, Key, PrimaryKey, Unique

if TYPE_CHECKING:
    from sqlalchemy import Column

    from alembic_manage.state.schema import Schema, Table


def path_of(table: str, column: str, schema: str | None) -> str:
    """The path under which questions and options name a column."""
    return ".".join(part for part in (schema, table, column) if part)


def new_tables(operations: list[ops.MigrateOperation]) -> frozenset[tuple[str | None, str]]:
    """Schema and name of the tables that the operations create: they hold no rows yet."""
    return frozenset((each.schema, each.table_name) for each in operations if isinstance(each, ops.CreateTableOp))


def model_column(detection: Detection, table: str, column: str, schema: str | None) -> Column[Any] | None:
    """The column as the models have it."""
    for each in detection.model_tables:
        if each.name == table and (each.schema or None) == (schema or None):
            return next((found for found in each.columns if found.name == column), None)
    return None


def type_sql(type_: Any, detection: Detection) -> str:
    """A type as SQL, for a person."""
    from alembic_manage.state.metadata import type_text

    return type_text(type_, detection.context.dialect)


def table_in(schema: Schema, table: str, name: str | None) -> Table | None:
    """A table of a schema, by its name and that of its own schema."""
    return schema.find(schema.key(name, table))


def unique_with(table: Table | None, column: str) -> bool:
    """Whether the column is part of a key, a UNIQUE or a unique index of its table."""
    if table is None:
        return False
    keys = [each.columns for each in table.constraints if isinstance(each, PrimaryKey | Unique)]
    return any(column in columns for columns in [*keys, *_unique_indexes(table)])


def alone_unique(table: Table, column: str) -> bool:
    """Whether the column by itself is a key, a UNIQUE or a unique index."""
    keys = [each.columns for each in table.constraints if isinstance(each, PrimaryKey | Unique)]
    return (column,) in [*keys, *_unique_indexes(table)]


def _unique_indexes(table: Table) -> list[tuple[str, ...]]:
    return [each.columns for each in table.indexes if isinstance(each, Index) and each.unique]


def reference_of(table: Table | None, column: str) -> tuple[Key, str, tuple[str, ...]] | None:
    """The table and the column that a foreign key of the column refers to, and all columns that the key refers to."""
    for each in table.foreign_keys if table is not None else ():
        if column in each.columns and each.referred_columns:
            return each.referred, _referred(each, column), each.referred_columns
    return None


def _referred(foreign_key: ForeignKey, column: str) -> str:
    return foreign_key.referred_columns[foreign_key.columns.index(column)]
