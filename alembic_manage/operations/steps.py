"""Several operations that stand for one: the way up and the way down are said apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from alembic.operations import ops


class Steps(ops.MigrateOperation):
    """Operations in place of one whose way down is not the mirror image of its way up.

    Args:
        up: what upgrade() does, in order.
        down: what downgrade() does, in order.
    """

    def __init__(self, up: Sequence[ops.MigrateOperation], down: Sequence[ops.MigrateOperation]) -> None:
        self.up = list(up)
        self.down = list(down)

    def reverse(self) -> Steps:
        """The same, the other way."""
        return Steps(self.down, self.up)


def place_of(operation: ops.MigrateOperation) -> tuple[str | None, str | None]:
    """The schema and the table that an operation names; None for what it does not name."""
    return getattr(operation, "schema", None), getattr(operation, "table_name", None)


def flattened(operations: Iterable[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """The operations with those of Steps and of ModifyTableOps in their place."""
    for operation in operations:
        if isinstance(operation, Steps):
            yield from flattened(operation.up)
        elif isinstance(operation, ops.ModifyTableOps):
            yield from flattened(operation.ops)
        else:
            yield operation
