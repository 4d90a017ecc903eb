"""Constraints that count for new rows only, until they are validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class NotValid(ops.MigrateOperation):
    """A FOREIGN KEY or CHECK, added without a look at the rows. Source: PostgreSQL 18 manual, ALTER TABLE, "NOT VALID".

    Args:
        operation: adds the constraint.
    """

    def __init__(self, operation: ops.AddConstraintOp) -> None:
        self.operation = operation

    def reverse(self) -> ops.MigrateOperation:
        """The constraint goes."""
        found: ops.MigrateOperation = self.operation.reverse()
        return found

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("not_valid", *self.operation.to_diff_tuple())


@renderers.dispatch_for(NotValid)
def _render(autogen_context: AutogenContext, operation: NotValid) -> str:
    rendered = renderers.dispatch(operation.operation)(autogen_context, operation.operation)
    line = rendered if isinstance(rendered, str) else "\n".join(rendered)
    return f"{line.rstrip()[:-1]}, postgresql_not_valid=True)"


@Operations.implementation_for(NotValid)
def _run(operations: Operations, operation: NotValid) -> None:
    constraint: Any = operation.operation.to_constraint(operations.migration_context)
    constraint.dialect_kwargs["postgresql_not_valid"] = True
    operations.impl.add_constraint(constraint)
