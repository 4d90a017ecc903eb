"""An operation on a table that must not be part of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class Apart(ops.MigrateOperation):
    """Written by itself, before or after the batch of its table.

    Args:
        operation: what is done.
    """

    def __init__(self, operation: ops.MigrateOperation) -> None:
        self.operation = operation

    def reverse(self) -> Apart:
        """The reverse, apart too."""
        return Apart(self.operation.reverse())

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        found: tuple[Any, ...] = self.operation.to_diff_tuple()
        return found


@renderers.dispatch_for(Apart)
def _render(autogen_context: AutogenContext, operation: Apart) -> list[str]:
    rendered = renderers.dispatch(operation.operation)(autogen_context, operation.operation)
    return [rendered] if isinstance(rendered, str) else list(rendered)


@Operations.implementation_for(Apart)
def _run(operations: Operations, operation: Apart) -> None:
    operations.invoke(operation.operation)
