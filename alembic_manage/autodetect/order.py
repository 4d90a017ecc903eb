"""Puts operations in an order that runs on every database, up and, mirrored, down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.autodetect.batches import table_of
from alembic_manage.autodetect.effects import Effects, effects_of
from alembic_manage.operations import Steps

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def without_needless_drops(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where no index is dropped right before its table; the other way makes it again.

    MariaDB refuses to drop an index that a foreign key of the table needs, and the index goes with its table anyway.
    Source: MariaDB documentation, "Foreign Keys": error 1553.
    """
    dropped = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.DropTableOp)}
    created = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.CreateTableOp)}

    def one_way(operation: ops.MigrateOperation) -> ops.MigrateOperation:
        if isinstance(operation, ops.DropIndexOp) and (operation.schema, operation.table_name) in dropped:
            return Steps([], [operation.reverse()])
        if isinstance(operation, ops.CreateIndexOp) and (operation.schema, operation.table_name) in created:
            return Steps([operation], [])
        return operation

    return [one_way(operation) for operation in operations]


def in_order(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations in an order in which they run; what need not move stays where it is.

    Those on one table stay together as far as they can: SQLite rebuilds the table once for all of them.
    """
    effects = [effects_of(operation) for operation in operations]
    waiting = {
        position: {other for other in range(len(operations)) if _precedes(effects, other, position)}
        for position in range(len(operations))
    }
    found: list[int] = []
    while waiting:
        free = [position for position, others in waiting.items() if not others & waiting.keys()]
        # Where each waits for another, the first goes on: no order would satisfy all.
        found.append(_next(free or list(waiting)[:1], operations, found))
        del waiting[found[-1]]
    return [operations[position] for position in found]


def _precedes(effects: list[Effects], first: int, second: int) -> bool:
    one, other = effects[first], effects[second]
    return first != second and (one.must_precede(other) or (one.replaces(other) and not other.must_precede(one)))


def _next(free: list[int], operations: list[ops.MigrateOperation], found: list[int]) -> int:
    """The position that comes next: one of the same table as the last, if there is one."""
    if found:
        last = table_of(operations[found[-1]])
        same = [position for position in free if last is not None and table_of(operations[position]) == last]
        return (same or free)[0]
    return free[0]
