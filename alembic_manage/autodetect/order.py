"""Puts operations in an order that runs on every database, up and, mirrored, down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage.autodetect.batches import table_of
from alembic_manage.autodetect.effects import Effects, effects_of
from alembic_manage.operations import Remark, Steps
from alembic_manage.operations.steps import flattened

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

    Those on one table stay together as far as they can: SQLite rebuilds the table once for all of them. One of which
    nothing is known keeps its place among those on its table.
    """
    together = list(_with_remarks(operations))
    effects = [effects_of(operation) for operation in together]
    places = range(len(together))
    must = {place: {other for other in places if _precedes(effects, other, place)} for place in places}
    should = {place: {other for other in range(place) if _is_kept(together, effects, other, place)} for place in places}
    waiting = dict.fromkeys(places)
    found: list[int] = []
    while waiting:
        # Where each waits for another, the first goes on: no order would satisfy all.
        free = [place for place in waiting if not must[place] & waiting.keys()] or list(waiting)[:1]
        found.append(_next([place for place in free if not should[place] & waiting.keys()] or free, together, found))
        del waiting[found[-1]]
    return [together[place] for place in found]


def _with_remarks(operations: list[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """The operations, each in one with the remarks above it."""
    remarks: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, Remark):
            remarks.append(operation)
        elif remarks:
            yield Steps([*remarks, operation], [operation.reverse()])
            remarks = []
        else:
            yield operation
    yield from remarks


def _precedes(effects: list[Effects], first: int, second: int) -> bool:
    one, other = effects[first], effects[second]
    return first != second and (one.must_precede(other) or (one.replaces(other) and not other.must_precede(one)))


def _is_kept(operations: list[ops.MigrateOperation], effects: list[Effects], first: int, second: int) -> bool:
    """Whether two operations stay in their order, because nothing is known of one of them."""
    unknown = Effects() in (effects[first], effects[second])
    return unknown and bool(_tables(operations[first]) & _tables(operations[second]))


def _tables(operation: ops.MigrateOperation) -> set[tuple[str | None, str]]:
    found: set[tuple[str | None, str]] = set()
    for each in flattened([operation]):
        table: Any = table_of(each) or (getattr(each, "schema", None), getattr(each, "table_name", None))
        found |= {table} if table[1] else set()
    return found


def _next(free: list[int], operations: list[ops.MigrateOperation], found: list[int]) -> int:
    """The place that comes next: one of the same table as the last, if there is one."""
    last = table_of(operations[found[-1]]) if found else None
    same = [place for place in free if last is not None and table_of(operations[place]) == last]
    return (same or free)[0]
