"""Foreign keys that cannot be made inside of CREATE TABLE: those to tables that come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from alembic.operations import ops
from sqlalchemy import ForeignKeyConstraint

from alembic_manage.autodetect.effects import referred_by

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection

TableOp = TypeVar("TableOp", ops.CreateTableOp, ops.DropTableOp)


def without_key_cycles(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where each foreign key of a cycle is made after its table, and dropped before it.

    Where every database of the project lets a table refer to one that is not there yet, a key stays in its table.
    """
    inline = all(rules.refers_ahead for rules in detection.kinds)
    created = _in_key_order([each for each in operations if isinstance(each, ops.CreateTableOp)])
    dropped = _in_key_order([each for each in operations if isinstance(each, ops.DropTableOp)])
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ops.CreateTableOp):
            found += [operation] if inline else created_apart(operation, _ahead(operation, created))
        elif isinstance(operation, ops.DropTableOp):
            found += [operation] if inline else _drop_apart(operation, _ahead(operation, dropped))
        else:
            found.append(operation)
    return found


def _place(operation: ops.CreateTableOp | ops.DropTableOp) -> tuple[str | None, str]:
    return operation.schema, operation.table_name


def keys_of(operation: ops.CreateTableOp | ops.DropTableOp) -> list[ForeignKeyConstraint]:
    """The foreign keys of a table as they stand in the operation that makes or drops it, in one order every time."""
    made = operation if isinstance(operation, ops.CreateTableOp) else operation._reverse
    items = made.columns if made is not None else ()
    return sorted(
        (each for each in items if isinstance(each, ForeignKeyConstraint)), key=lambda key: tuple(key.column_keys)
    )


def _targets(key: ForeignKeyConstraint) -> set[tuple[str | None, str]]:
    return {(schema, table) for schema, table, _ in referred_by(key)}


def _in_key_order(operations: Sequence[TableOp]) -> list[TableOp]:
    """Tables after those that they refer to, as far as there is such an order; by name where there is none."""
    waiting = sorted(operations, key=lambda each: (each.schema or "", each.table_name))
    found: list[TableOp] = []
    while waiting:
        places = {_place(each) for each in waiting}
        free = [
            each for each in waiting if not set().union(*map(_targets, keys_of(each))) & (places - {_place(each)})
        ] or waiting[:1]
        found.append(free[0])
        waiting.remove(free[0])
    return found


def _ahead(operation: TableOp, order: list[TableOp]) -> list[ForeignKeyConstraint]:
    """The keys to tables that come later in the order, and those that the models want apart."""
    later = {_place(each) for each in order[order.index(operation) + 1 :]}
    return [key for key in keys_of(operation) if key.use_alter or _targets(key) & later]


def created_apart(operation: ops.CreateTableOp, keys: Sequence[ForeignKeyConstraint]) -> list[ops.MigrateOperation]:
    """The table without some of its foreign keys, and then those."""
    if not keys:
        return [operation]
    table = _without(operation, keys)
    return [table, *(ops.CreateForeignKeyOp.from_constraint(key) for key in keys)]


def _drop_apart(operation: ops.DropTableOp, keys: list[ForeignKeyConstraint]) -> list[ops.MigrateOperation]:
    if not keys:
        return [operation]
    made = operation.reverse()
    found: list[ops.MigrateOperation] = [ops.DropConstraintOp.from_constraint(key) for key in keys]
    return [*found, _without(made, keys).reverse()]


def _without(operation: ops.CreateTableOp, keys: Sequence[ForeignKeyConstraint]) -> ops.CreateTableOp:
    """A copy of the operation that leaves out some foreign keys."""
    left_out = {(tuple(key.column_keys), tuple(key.target_fullname for key in key.elements)) for key in keys}
    kept = [
        item
        for item in operation.columns
        if not isinstance(item, ForeignKeyConstraint)
        or (tuple(item.column_keys), tuple(each.target_fullname for each in item.elements)) not in left_out
    ]
    return ops.CreateTableOp(
        operation.table_name,
        kept,
        schema=operation.schema,
        if_not_exists=operation.if_not_exists,
        _namespace_metadata=operation._namespace_metadata,
        _constraints_included=operation._constraints_included,
        info=operation.info,
        comment=operation.comment,
        prefixes=operation.prefixes,
        **operation.kw,
    )
