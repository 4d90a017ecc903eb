"""The order of a table's columns, where the database can change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Table

from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.table_pair import TablePair, pairs_of
from alembic_manage.operations.column import MoveColumn

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@compares("autogenerate", "order of columns", DispatchPriority.LAST)
def _compare_order(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    for pair in pairs_of(autogen_context) if rules_of(autogen_context).moves_columns else ():
        existing = [str(column.name) for column in pair.told.columns]
        meanwhile = list(existing)
        for operation in _operations(upgrade_ops, pair):
            if isinstance(operation, ops.DropColumnOp) and operation.column_name in meanwhile:
                meanwhile.remove(operation.column_name)
            elif isinstance(operation, ops.AddColumnOp):
                meanwhile.append(str(operation.column.name))
        found = list(moves(pair.wanted, pair.schema, meanwhile, existing))
        if found:
            pair.operations(upgrade_ops).ops += found
    return PriorityDispatchResult.CONTINUE


def _operations(upgrade_ops: ops.UpgradeOps, pair: TablePair) -> list[ops.MigrateOperation]:
    found = [each for each in upgrade_ops.ops if isinstance(each, ops.ModifyTableOps)]
    return [part for each in found if (each.schema, each.table_name) == (pair.schema, pair.name) for part in each.ops]


def moves(table: Table, schema: str | None, meanwhile: Sequence[str], existing: Sequence[str]) -> Iterator[MoveColumn]:
    """The fewest moves: the columns of the longest part that is in order stay.

    Args:
        table: as it is to be.
        schema: of the table; None for the default one.
        meanwhile: the names in the order in which they stand by then; where there are others, none moves.
        existing: those that were there before; the others have no place to go back to.
    """
    columns = {str(column.name): column for column in table.columns if not column.system}
    wanted, order = list(columns), list(meanwhile)
    if sorted(order) != sorted(wanted):
        return
    staying = set(_longest_in_order([wanted.index(name) for name in meanwhile]))
    for place, name in enumerate(wanted):
        if place in staying:
            continue
        after = wanted[place - 1] if place else ""
        position = order.index(name)
        before = (order[position - 1] if position else "") if name in existing else None
        order.remove(name)
        order.insert(order.index(after) + 1 if after else 0, name)
        yield MoveColumn(str(table.name), columns[name], after, before, schema)


def _longest_in_order(places: Sequence[int]) -> list[int]:
    """The longest part of `places`, leaving some out, that only rises."""
    best: list[list[int]] = []
    for place in places:
        longest = max((each for each in best if each[-1] < place), key=len, default=[])
        best.append([*longest, place])
    return max(best, key=len, default=[])
