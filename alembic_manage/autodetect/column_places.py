"""Columns that other passes made to come later than the comparison thought: they go where the models have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy import Table
from sqlalchemy.exc import CompileError

from alembic_manage.comparators.column_order import moves
from alembic_manage.operations import MoveColumn, OnlyOn, Sql
from alembic_manage.operations.steps import flattened, place_of

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.dialects import Dialect


def with_columns_in_place(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with the moves at their end that are still wanting on those databases that can move columns."""
    if detection.rules.moves_columns:
        moved = (move for table in detection.model_tables for move in _wanting(table, operations, detection))
        return [*operations, *moved]
    kinds = [rules for rules in detection.kinds if rules.moves_columns]
    return [*operations, *(move for rules in kinds for move in _elsewhere(rules, operations, detection))]


def _elsewhere(rules: Dialect, operations: list[ops.MigrateOperation], detection: Detection) -> Iterator[OnlyOn]:
    """The moves of new columns for databases of another kind, in the SQL of these.

    The other columns are taken to stand there as the models have them: the comparison with that database sees to it.
    """
    dialect = rules.dialect_class(rules.names[-1])()
    for table in detection.model_tables:
        own = _own(table, operations)
        added = {str(each.column.name) for each in own if isinstance(each, ops.AddColumnOp)}
        there = detection.before.find(detection.before.key(table.schema, str(table.name)))
        if there is None or not added:
            continue
        wanted = [str(column.name) for column in table.columns]
        existing = [*(name for name in wanted if name in there.columns), *(set(there.columns) - set(wanted))]
        for move in moves(table, table.schema, _after(own, existing), existing):
            with suppress(CompileError):  # the column is not for databases of this kind
                up, down = move.statements(dialect), move.reverse().statements(dialect)
                yield OnlyOn(rules.names, Sql(up, down, str(table.name), table.schema))


def _own(table: Table, operations: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    return [each for each in flattened(operations) if place_of(each) == (table.schema, str(table.name))]


def _wanting(table: Table, operations: list[ops.MigrateOperation], detection: Detection) -> Iterator[MoveColumn]:
    there = detection.before.find(detection.before.key(table.schema, str(table.name)))
    existing = list(there.columns) if there is not None else []
    own = _own(table, operations)
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
