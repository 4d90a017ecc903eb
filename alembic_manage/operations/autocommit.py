"""Operations that no transaction may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

from alembic_manage.operations.steps import flattened

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class Autocommit(ops.MigrateOperation):
    """Operations in an `autocommit_block()`: what came before is committed, and each of them is by itself.

    Args:
        members: the operations.
    """

    def __init__(self, members: Sequence[ops.MigrateOperation]) -> None:
        self.members = list(members)

    def reverse(self) -> Autocommit:
        """Their reverses, the last one first."""
        return Autocommit([member.reverse() for member in reversed(self.members)])

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("autocommit", *(member.to_diff_tuple() for member in self.members))


@renderers.dispatch_for(Autocommit)
def _render(autogen_context: AutogenContext, operation: Autocommit) -> list[str]:
    lines: list[str] = []
    for member in flattened(operation.members):
        rendered = renderers.dispatch(member)(autogen_context, member)
        lines += [rendered] if isinstance(rendered, str) else list(rendered)
    if not lines:
        return []
    # An empty line ends the block. Source: Mako, PythonPrinter.writeline.
    return [f"with {autogen_context.opts['alembic_module_prefix']}get_context().autocommit_block():", *lines, ""]


@Operations.implementation_for(Autocommit)
def _run(operations: Operations, operation: Autocommit) -> None:
    with operations.get_context().autocommit_block():
        for member in flattened(operation.members):
            operations.invoke(member)
