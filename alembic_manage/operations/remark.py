"""A comment in the revision file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class Remark(ops.MigrateOperation):
    """A line of comment above the operation that follows.

    Args:
        text: without the "# ".
        table_name: the table of that operation, so that both stay together; None for no table.
        schema: of the table.
    """

    def __init__(self, text: str, table_name: str | None = None, schema: str | None = None) -> None:
        self.text = text
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> Remark:
        """Itself: it does nothing."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("remark", self.text)


@renderers.dispatch_for(Remark)
def _render(autogen_context: AutogenContext, operation: Remark) -> list[str]:
    return [f"# {line}" for line in operation.text.splitlines()]


@Operations.implementation_for(Remark)
def _run(operations: Operations, operation: Remark) -> None:
    """Nothing to run."""
