"""Columns that other passes made to come later than the comparison thought: they go where the models have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy import Table

from alembic_manage.comparators.column_order import moves
from alembic_manage.operations import MoveColumn
from alembic_manage.operations.steps import flattened, place_of

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def with_columns_in_place(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with the moves at their end that are still wanting, where the database can move columns."""
    if not detection.rules.moves_columns:
        return operations
    return [*operations, *(move for table in detection.model_tables for move in _wanting(table, operations, detection))]


def _wanting(table: Table, operations: list[ops.MigrateOperation], detection: Detection) -> Iterator[MoveColumn]:
    there = detection.before.find(detection.before.key(table.schema, str(table.name)))
    existing = list(there.columns) if there is not None else []
    own = [each for each in flattened(operations) if place_of(each) == (table.schema, str(table.name))]
    if any(isinstance(each, ops.AddColumnOp) for each in own):
        yield from moves(table, table.schema, _after(own, existing), existing)


def _after(operations: Sequence[ops.MigrateOperation], existing: Sequence[str]) -> list[str]:
    """The order of the columns once all has run."""
    names = list(existing)
    for each in operations:
        if isinstance(each, ops.AddColumnOp):
            names.append(str(each.column.name))
        elif isinstance(each, ops.DropColumnOp) and each.column_name in names:
            names.remove(each.column_name)
        elif isinstance(each, MoveColumn) and each.after is not None:
            name = str(each.column.name)
            names.remove(name)
            names.insert(names.index(each.after) + 1 if each.after else 0, name)
    return names
