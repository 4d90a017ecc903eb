"""Puts a column that was dropped back into its place, where the database can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.columns import table_in
from alembic_manage.operations import MoveColumn, OrderColumns, Remark, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_manage.state.schema import Table


def put_back_in_place(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where the way down also moves a column that comes back as the last one of its table.

    They must drop the last column first: see `last_column_first`.
    """
    if not (detection.rules.moves_columns or detection.rules.needs_batch):
        return operations
    dropped = {id(each): drop for each in operations if (drop := _drop_in(each)) is not None}
    found = []
    for operation in operations:
        drop = dropped.get(id(operation))
        table = table_in(detection.before, drop.table_name, drop.schema) if drop is not None else None
        if drop is None or table is None:
            found.append(operation)
            continue
        gone = [each.column_name for each in dropped.values() if _is_same_table(each, drop)]
        found.append(_with_place(operation, drop, table, gone, detection))
    return found


def _drop_in(operation: ops.MigrateOperation) -> ops.DropColumnOp | None:
    """The drop of a column, alone, with a remark, or with a way back of its own."""
    parts = [each for each in _up(operation) if not isinstance(each, Remark)]
    return parts[0] if len(parts) == 1 and isinstance(parts[0], ops.DropColumnOp) else None


def _up(operation: ops.MigrateOperation) -> list[ops.MigrateOperation]:
    return operation.up if isinstance(operation, Steps) else [operation]


def _is_same_table(one: ops.DropColumnOp, other: ops.DropColumnOp) -> bool:
    return (one.schema, one.table_name) == (other.schema, other.table_name)


def _with_place(
    operation: ops.MigrateOperation, drop: ops.DropColumnOp, table: Table, gone: Sequence[str], detection: Detection
) -> ops.MigrateOperation:
    names = list(table.columns)
    position = names.index(drop.column_name) if drop.column_name in names else len(names)
    back = operation.reverse()
    down = _up(back)
    if detection.rules.moves_columns:
        if all(name in gone for name in names[position:]):
            return operation
        column = drop.reverse().column._copy()
        column.autoincrement = False  # it is no key yet
        after = names[position - 1] if position else ""
        move = MoveColumn(drop.table_name, column, after, None, drop.schema)
        return Steps(_up(operation), [*down, move])
    # The table is rebuilt once, when the last of its columns is back.
    first = min(names.index(name) for name in gone)
    is_last = drop.column_name == max(gone, key=names.index)
    is_only_sort = all(rules.needs_batch for rules in detection.kinds)
    rebuilds = not any(isinstance(each, ops.AlterColumnOp) for each in down)
    if not is_last or all(name in gone for name in names[first:]) or (rebuilds and not is_only_sort):
        return operation
    return Steps(_up(operation), [*down, OrderColumns(drop.table_name, names, drop.schema, rebuilds=rebuilds)])
