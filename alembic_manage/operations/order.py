"""The order of a table's columns, in a batch that rebuilds the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class OrderColumns(ops.MigrateOperation):
    """Stands in a batch and is written at its head: `partial_reordering`.

    Args:
        table_name: the table.
        names: its columns, in order.
        schema: of the table.
        rebuilds: whether the batch has to be told to rebuild the table, as nothing else in it does.
    """

    def __init__(
        self, table_name: str, names: Sequence[str], schema: str | None = None, *, rebuilds: bool = False
    ) -> None:
        self.table_name = table_name
        self.names = tuple(names)
        self.schema = schema
        self.rebuilds = rebuilds

    def reverse(self) -> OrderColumns:
        """Itself: inside of Steps it stands on one way only."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("order_columns", self.schema, self.table_name, self.names)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch is told. Source: Alembic 1.20, Operations.batch_alter_table."""
        found: dict[str, Any] = {"recreate": "always"} if self.rebuilds else {}
        return {**found, "partial_reordering": [self.names]}


@renderers.dispatch_for(OrderColumns)
def _render(autogen_context: AutogenContext, operation: OrderColumns) -> list[str]:
    """Nothing: the batch says it."""
    return []


@Operations.implementation_for(OrderColumns)
def _run(operations: Operations, operation: OrderColumns) -> None:
    """Nothing to run outside of a batch."""
