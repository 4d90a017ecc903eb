"""Dropping a constraint that has no name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alembic.autogenerate import renderers
from alembic.operations import ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class DropUnnamed(ops.DropConstraintOp):
    """A drop of a constraint that one of the project's databases has without a name.

    It has to stand in a batch which is told the naming convention: Alembic then knows the constraint by the name that
    the convention gives it. Source: Alembic 1.20, "Dropping Unnamed or Named Foreign Keys".

    Args:
        name: by the convention.
        table_name: its table.
        type_: "unique", "foreignkey", "check" or "primary".
        schema: of the table.
        naming_convention: as MetaData takes it.
        _reverse: the operation that makes it again.
    """

    def __init__(
        self,
        name: str,
        table_name: str,
        type_: str | None,
        schema: str | None,
        naming_convention: Mapping[str, str],
        *,
        _reverse: ops.AddConstraintOp | None = None,
    ) -> None:
        super().__init__(name, table_name, type_, schema=schema, _reverse=_reverse)
        self.naming_convention = naming_convention


class DropUnnamedCheck(ops.DropConstraintOp):
    """A drop of a CHECK without a name: a rebuilt table does not have it any more, unless its batch is told of it.

    Source: Alembic 1.20, ApplyBatchImpl: CHECK constraints without a name of a reflected table are left out.
    """


@renderers.dispatch_for(DropUnnamedCheck)
def _render(autogen_context: AutogenContext, operation: DropUnnamedCheck) -> list[str]:
    """Nothing: the batch says that it rebuilds the table."""
    return []
