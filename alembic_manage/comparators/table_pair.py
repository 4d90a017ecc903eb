"""The tables that are on both sides, for comparators that run when everything else about them is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic.operations import ops
from alembic.util import PriorityDispatchResult
from sqlalchemy import Table

from alembic_manage.comparators.catalog import once

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.plugins import Plugin


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


def setup(plugin: Plugin) -> None:
    """Register what remembers them."""
    plugin.add_autogenerate_comparator(_remember, "table", "table pairs")


def _remember(
    autogen_context: AutogenContext,
    modify_table_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    if conn_table is not None and metadata_table is not None:
        pairs_of(autogen_context).append(TablePair(schema, tname, conn_table, metadata_table))
    return PriorityDispatchResult.CONTINUE


def pairs_of(autogen_context: AutogenContext) -> list[TablePair]:
    """The pairs so far, in the order in which Alembic compares tables."""
    return once(autogen_context, ("table pairs",), list)
