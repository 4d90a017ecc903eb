"""The tables that are on both sides, for comparators that run when everything else about them is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, TypeAlias

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Table

from alembic_manage.comparators.catalog import once
from alembic_manage.comparators.comparator import compares

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@dataclass(frozen=True)
class TablePair:
    """A table, as it is and as it is to be."""

    schema: str | None
    name: str
    told: Table
    """As Alembic read it from the database."""
    wanted: Table
    """As the models have it."""

    def operations(self, upgrade_ops: ops.UpgradeOps) -> ops.ModifyTableOps:
        """The operations on the table; made where there are none yet."""
        for each in self.all_operations(upgrade_ops):
            return each
        made = ops.ModifyTableOps(self.name, [], schema=self.schema)
        upgrade_ops.ops.append(made)
        return made

    def all_operations(self, upgrade_ops: ops.UpgradeOps) -> Iterator[ops.ModifyTableOps]:
        """All that hold operations on the table: what must come early stands in one of its own."""
        for each in upgrade_ops.ops:
            if isinstance(each, ops.ModifyTableOps) and (each.schema, each.table_name) == (self.schema, self.name):
                yield each


PairComparator: TypeAlias = Callable[["AutogenContext", ops.ModifyTableOps, TablePair], None]


def compares_tables(
    group: str, when: DispatchPriority = DispatchPriority.MEDIUM, *, everywhere: bool = False
) -> Callable[[PairComparator], PairComparator]:
    """Make a comparator of a function that is called with each table of both sides; see Comparator."""

    def decorate(function: PairComparator) -> PairComparator:
        @compares("table", group, when, everywhere=everywhere)
        @wraps(function)
        def compare(
            autogen_context: AutogenContext,
            modify_ops: ops.ModifyTableOps,
            schema: str | None,
            tname: str,
            conn_table: Table | None,
            metadata_table: Table | None,
        ) -> PriorityDispatchResult:
            if conn_table is not None and metadata_table is not None:
                function(autogen_context, modify_ops, TablePair(schema, tname, conn_table, metadata_table))
            return PriorityDispatchResult.CONTINUE

        return function

    return decorate


@compares_tables("table pairs", everywhere=True)
def _remember(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    pairs_of(autogen_context).append(pair)


def pairs_of(autogen_context: AutogenContext) -> list[TablePair]:
    """The pairs so far, in the order in which Alembic compares tables."""
    return once(autogen_context, ("table pairs",), list)
