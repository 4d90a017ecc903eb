"""Puts operations on one table that follow one another into one batch."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from alembic.operations import ops

from alembic_manage.operations import Batch, KeptChecks, OrderColumns, Remark, Steps
from alembic_manage.operations.steps import flattened

# What Alembic writes inside of `with op.batch_alter_table(...)`.
_IN_BATCH = (
    ops.AddColumnOp,
    ops.DropColumnOp,
    ops.AlterColumnOp,
    ops.AddConstraintOp,
    ops.DropConstraintOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
    ops.CreateTableCommentOp,
    ops.DropTableCommentOp,
    OrderColumns,
    KeptChecks,
    Remark,
)

_NEEDS_NO_BATCH = (ops.CreateIndexOp, ops.DropIndexOp, KeptChecks, Remark)


def grouped(operations: Iterable[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """The operations in their order; those of one table in a row as one Batch."""
    found: list[ops.MigrateOperation] = []
    for key, group in groupby(operations, key=table_of):
        members = list(group)
        if key is None or not is_batch(members):
            found += members
        else:
            schema, table = key
            found.append(Batch(table, members, schema=schema))
    return found


def is_batch(members: Iterable[ops.MigrateOperation]) -> bool:
    """Whether operations on one table that follow one another need a batch."""
    return any(not isinstance(each, _NEEDS_NO_BATCH) for each in members)


def table_of(operation: ops.MigrateOperation) -> tuple[str | None, str] | None:
    """Schema and table of what belongs into a batch; None for what does not."""
    if isinstance(operation, Steps):
        tables = {table_of(each) for each in flattened(operation.up or operation.down)}
        return tables.pop() if len(tables) == 1 else None
    if not isinstance(operation, _IN_BATCH):
        return None
    found: Any = operation
    if isinstance(operation, ops.CreateForeignKeyOp):
        return operation.kw.get("source_schema"), operation.source_table
    return (found.schema, found.table_name) if found.table_name else None
