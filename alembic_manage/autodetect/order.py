"""Puts operations in an order that runs on every database."""

from __future__ import annotations

from alembic.operations import ops


def without_needless_drops(operations: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """The operations without those that drop an index of a table which is dropped as a whole later on.

    MariaDB refuses to drop an index that a foreign key of the table needs, and the index goes with its table anyway.
    Source: MariaDB documentation, "Foreign Keys": error 1553.
    """
    dropped = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.DropTableOp)}
    kept = (_without_index_drops(operation, dropped) for operation in operations)
    return [operation for operation in kept if operation is not None]


def _without_index_drops(
    operation: ops.MigrateOperation, dropped: set[tuple[str | None, str]]
) -> ops.MigrateOperation | None:
    if isinstance(operation, ops.DropIndexOp):
        return None if (operation.schema, operation.table_name) in dropped else operation
    if isinstance(operation, ops.ModifyTableOps) and (operation.schema, operation.table_name) in dropped:
        left = [inner for inner in operation.ops if not isinstance(inner, ops.DropIndexOp)]
        return ops.ModifyTableOps(operation.table_name, left, schema=operation.schema) if left else None
    return operation
