"""Operations that a revision does on some kinds of databases only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class OnlyOn(ops.MigrateOperation):
    """An operation for databases of some kinds; on others it does nothing. Offline SQL has it too.

    Args:
        names: SQLAlchemy's names of those kinds.
        operation: what is done there; one that is no part of a batch.
    """

    def __init__(self, names: Sequence[str], operation: ops.MigrateOperation) -> None:
        self.names = tuple(names)
        self.operation = operation

    def reverse(self) -> OnlyOn:
        """The reverse, on the same kinds."""
        return OnlyOn(self.names, self.operation.reverse())

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("only_on", *self.names, self.operation.to_diff_tuple())


@renderers.dispatch_for(OnlyOn)
def _render(autogen_context: AutogenContext, operation: OnlyOn) -> list[str]:
    rendered = renderers.dispatch(operation.operation)(autogen_context, operation.operation)
    lines = [rendered] if isinstance(rendered, str) else list(rendered)
    if not lines:
        return []
    name, *others = operation.names
    condition = f"in {operation.names!r}" if others else f"== {name!r}"
    prefix = autogen_context.opts["alembic_module_prefix"]
    # An empty line ends the block. Source: Mako, PythonPrinter.writeline.
    return [f"if {prefix}get_context().dialect.name {condition}:", *lines, ""]


@Operations.implementation_for(OnlyOn)
def _run(operations: Operations, operation: OnlyOn) -> None:
    if operations.get_context().dialect.name in operation.names:
        operations.invoke(operation.operation)
