"""Puts operations in an order that runs on every database, up and, mirrored, down."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage.autodetect.batches import table_of
from alembic_manage.autodetect.effects import Effects, effects_of, predecessors
from alembic_manage.operations import Remark, Steps
from alembic_manage.operations.steps import flattened, place_of

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def without_needless_drops(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where no index is dropped right before its table; the other way makes it again.

    MariaDB refuses to drop an index that a foreign key of the table needs, and the index goes with its table anyway.
    Source: MariaDB documentation, "Foreign Keys": error 1553. An index whose name another table gets, or had, is
    dropped by itself: its name must be free before the other one is made, in both directions.
    """
    dropped = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.DropTableOp)}
    created = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.CreateTableOp)}
    wandering = _wandering(operations) if any(rules.index_names_span_tables for rules in detection.kinds) else set()

    def one_way(operation: ops.MigrateOperation) -> ops.MigrateOperation:
        if isinstance(operation, _INDEX) and (operation.schema, operation.index_name) in wandering:
            return operation
        if isinstance(operation, ops.DropIndexOp) and (operation.schema, operation.table_name) in dropped:
            return Steps([], [operation.reverse()])
        if isinstance(operation, ops.CreateIndexOp) and (operation.schema, operation.table_name) in created:
            return Steps([operation], [])
        return operation

    return [one_way(operation) for operation in operations]


_INDEX = (ops.CreateIndexOp, ops.DropIndexOp)


def _wandering(operations: list[ops.MigrateOperation]) -> set[tuple[str | None, str | None]]:
    """Schema and name of the indexes that one table loses and another one gets."""
    tables: dict[tuple[str | None, str | None], set[str | None]] = defaultdict(set)
    for operation in flattened(operations):
        if isinstance(operation, _INDEX):
            tables[operation.schema, operation.index_name].add(operation.table_name)
    return {name for name, found in tables.items() if len(found) > 1}


def in_order(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations in an order in which they run; what need not move stays where it is.

    Those on one table stay together as far as they can: SQLite rebuilds the table once for all of them. One of which
    nothing is known keeps its place among those on its table.
    """
    together = list(_with_remarks(operations))
    effects = [effects_of(operation) for operation in together]
    must = predecessors(effects)
    should = _kept(together, effects)
    followers: dict[int, list[int]] = defaultdict(list)
    for place, others in enumerate(must):
        for other in others:
            followers[other].append(place)
    tables = [table_of(operation) for operation in together]
    waiting = dict.fromkeys(range(len(together)))
    free = [place for place in waiting if not must[place]]
    found: list[int] = []
    while waiting:
        # Where each waits for another, the first goes on: no order would satisfy all.
        place = _next(free, should, waiting, tables, found) if free else next(iter(waiting))
        found.append(place)
        del waiting[place]
        if place in free:
            free.remove(place)
        for follower in followers[place]:
            must[follower].discard(place)
            if not must[follower] and follower in waiting and follower not in free:
                insort(free, follower)
    return [together[place] for place in found]


def _next(
    free: list[int],
    should: Sequence[set[int]],
    waiting: Mapping[int, None],
    tables: Sequence[tuple[str | None, str] | None],
    found: list[int],
) -> int:
    """The place that comes next: one of the same table as the last, if there is one."""
    last = tables[found[-1]] if found else None
    same = [place for place in free if last is not None and tables[place] == last]
    for place in [*same, *free]:
        if not should[place] & waiting.keys():
            return place
    return free[0]


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


def _kept(operations: list[ops.MigrateOperation], effects: Sequence[Effects]) -> list[set[int]]:
    """For each place those that should stay before it: on the same table, where nothing is known of one of them."""
    found: list[set[int]] = []
    known: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    unknown: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for place, operation in enumerate(operations):
        tables, is_unknown = _tables(operation), effects[place] == Effects()
        before = [other for table in tables for other in unknown[table] + (known[table] if is_unknown else [])]
        found.append(set(before))
        for table in tables:
            (unknown if is_unknown else known)[table].append(place)
    return found


def _tables(operation: ops.MigrateOperation) -> set[tuple[str | None, str]]:
    found: set[tuple[str | None, str]] = set()
    for each in flattened([operation]):
        table: Any = table_of(each) or place_of(each)
        found |= {table} if table[1] else set()
    return found
