"""Columns that are no longer of an enum once it has changed: they go before it, or have another type before it.

They are no part of the change: a default or a row of theirs may have a value that is gone afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops

if TYPE_CHECKING:
    from alembic_manage.dialects import EnumUse

IsOf: TypeAlias = Callable[[Any], bool]
"""Whether a type is the enum, or made of it."""
_DROPS = (ops.DropConstraintOp, ops.DropIndexOp)


def leaving(upgrade_ops: ops.UpgradeOps, is_of: IsOf, uses: Iterable[EnumUse]) -> list[EnumUse]:
    """Those of the columns that go, whose table goes, or that get another type.

    Args:
        upgrade_ops: what is to be done.
        is_of: the enum.
        uses: its columns before.
    """
    return [use for use in uses if any(_ends(operation, use, is_of) for operation in _flat(upgrade_ops))]


def is_retyped(upgrade_ops: ops.UpgradeOps, use: EnumUse) -> bool:
    """Whether the column stays, with its rows, and gets another type."""
    return any(_retypes(operation, use) for operation in _flat(upgrade_ops))


def is_filled(upgrade_ops: ops.UpgradeOps, use: EnumUse, *, on_downgrade: bool) -> bool:
    """Whether rows of the column may get a value, as it becomes NOT NULL, in upgrade() or in downgrade()."""
    return any(
        isinstance(each, ops.AlterColumnOp) and each.modify_nullable is on_downgrade and _is_of(each, use)
        for each in _flat(upgrade_ops)
    )


def is_taken_up(upgrade_ops: ops.UpgradeOps, is_of: IsOf) -> bool:
    """Whether a column that is there gets the enum for its type, and its rows may hold the new values."""
    alterations = [each for each in _flat(upgrade_ops) if isinstance(each, ops.AlterColumnOp)]
    return any(each.modify_type is not None and is_of(each.modify_type) for each in alterations)


def taken_out(upgrade_ops: ops.UpgradeOps, is_of: IsOf, uses: Collection[EnumUse]) -> list[ops.MigrateOperation]:
    """The operations that end those uses, with the drops on the same tables; they are in `upgrade_ops` no more."""
    tables = {(use.schema, use.table) for use in uses}
    found: list[ops.MigrateOperation] = []
    left: list[ops.MigrateOperation] = []
    for operation in upgrade_ops.ops:
        if isinstance(operation, ops.ModifyTableOps) and (operation.schema, operation.table_name) in tables:
            first = [
                each
                for each in operation.ops
                if isinstance(each, _DROPS) or any(_ends(each, use, is_of) for use in uses)
            ]
            operation.ops = [each for each in operation.ops if each not in first]
            found += [ops.ModifyTableOps(operation.table_name, first, schema=operation.schema)] if first else []
            left += [operation] if operation.ops else []
        elif isinstance(operation, ops.DropTableOp | ops.DropIndexOp) and _place(operation) in tables:
            found.append(operation)
        else:
            left.append(operation)
    upgrade_ops.ops = left
    return found


def _flat(upgrade_ops: ops.UpgradeOps) -> Iterator[ops.MigrateOperation]:
    for operation in upgrade_ops.ops:
        yield from operation.ops if isinstance(operation, ops.ModifyTableOps) else [operation]


def _place(operation: ops.DropTableOp | ops.DropIndexOp) -> tuple[str | None, str | None]:
    return operation.schema, operation.table_name


def _ends(operation: Any, use: EnumUse, is_of: IsOf) -> bool:
    if isinstance(operation, ops.DropTableOp):
        return _place(operation) == (use.schema, use.table)
    if isinstance(operation, ops.DropColumnOp):
        return _is_of(operation, use)
    return _retypes(operation, use) and not is_of(operation.modify_type)


def _retypes(operation: ops.MigrateOperation, use: EnumUse) -> bool:
    return isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None and _is_of(operation, use)


def _is_of(operation: ops.AlterColumnOp | ops.DropColumnOp, use: EnumUse) -> bool:
    return (operation.schema, operation.table_name, operation.column_name) == (use.schema, use.table, use.column)
