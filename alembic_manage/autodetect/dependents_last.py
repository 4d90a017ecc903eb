"""What says a column's definition, or is computed from other columns, comes after the columns have their types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage.operations import MoveColumn, Steps
from alembic_manage.operations.steps import flattened, place_of

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def with_dependents_last(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations; a new computed column stands behind the changes of types of its table, a move behind all else.

    The way down begins with them, so that they find what they were written for there too: a MODIFY ... AFTER of MariaDB
    holds the whole definition.
    """
    found = list(operations)
    for operation in operations:
        if isinstance(operation, MoveColumn):
            _put_behind(found, operation, object)
        elif isinstance(operation, ops.AddColumnOp) and operation.column.computed is not None:
            _put_behind(found, operation, ops.AlterColumnOp)
    return found


def _put_behind(operations: list[ops.MigrateOperation], operation: Any, kind: type) -> None:
    """Move an operation behind the last one of a kind on its table, unless it stands there."""
    place = (operation.schema, operation.table_name)
    others = [
        position
        for position, each in enumerate(operations)
        if any(isinstance(part, kind) and place_of(part) == place for part in _parts(each))
    ]
    current = operations.index(operation)
    if others and others[-1] > current:
        operations.insert(others[-1] + 1, operation)
        del operations[current]


def _parts(operation: ops.MigrateOperation) -> Iterator[ops.MigrateOperation]:
    """What it does, in either direction."""
    return flattened([*operation.up, *operation.down] if isinstance(operation, Steps) else [operation])
