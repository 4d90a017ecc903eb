"""UNIQUE on tables that hold rows: asked about, done or put off."""

from __future__ import annotations

from typing import Any

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.columns import new_tables, path_of
from alembic_manage.questions import Later, UniqueQuestion


def asked_about_unique(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations without the UNIQUE constraints and unique indexes that a person puts off."""
    new = new_tables(operations)
    empty = _empty_columns(operations)

    def is_kept(operation: ops.MigrateOperation) -> bool:
        columns = _unique_columns(operation)
        key = (getattr(operation, "schema", None), getattr(operation, "table_name", ""))
        if not columns or key in new or empty.issuperset((*key, name) for name in columns):
            return True
        return not isinstance(detection.questioner.ask(_question(operation, columns)), Later)

    return [operation for operation in operations if is_kept(operation)]


def _question(operation: Any, columns: tuple[str, ...]) -> UniqueQuestion:
    schema, table = operation.schema, operation.table_name
    name = getattr(operation, "constraint_name", None) or getattr(operation, "index_name", None) or "_".join(columns)
    return UniqueQuestion(path_of(table, str(name), schema), columns)


def _unique_columns(operation: ops.MigrateOperation) -> tuple[str, ...]:
    """The columns, or expressions, that an operation makes unique."""
    if isinstance(operation, ops.CreateUniqueConstraintOp):
        return tuple(str(name) for name in operation.columns)
    if isinstance(operation, ops.CreateIndexOp) and operation.unique:
        return tuple(str(column) for column in operation.columns)
    return ()


def _empty_columns(operations: list[ops.MigrateOperation]) -> frozenset[tuple[str | None, str, str]]:
    """Schema, table and name of the new columns that are NULL in every row: NULLs are no duplicates."""
    return frozenset(
        (each.schema, each.table_name, str(each.column.name))
        for each in operations
        if isinstance(each, ops.AddColumnOp) and each.column.nullable and each.column.server_default is None
    )
