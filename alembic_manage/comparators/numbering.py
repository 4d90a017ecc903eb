"""Columns that the database numbers by itself, by AUTO_INCREMENT or SERIAL: switched on and off, or dropped.

An identity has a file of its own, where the database has identities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Column, Sequence
from sqlalchemy.sql.functions import next_value

from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.table_pair import TablePair, pairs_of
from alembic_manage.operations.identity import StopSerial
from alembic_manage.operations.numbered import ChangeNumbering

if TYPE_CHECKING:
    from typing import Any

    from alembic.autogenerate.api import AutogenContext

    from alembic_manage.dialects import Dialect

_NEXT_VALUE = re.compile(r"\bnextval\s*\(", re.IGNORECASE)


@compares("schema", "numbering", DispatchPriority.LAST)
def _compare_numbering(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Iterable[str | None]
) -> PriorityDispatchResult:
    rules = rules_of(autogen_context)
    dropping = set(_tables_dropping_columns(upgrade_ops))
    for pair in pairs_of(autogen_context):
        if rules.numbers_need_key and _key(pair.told) == _key(pair.wanted):
            _compare(autogen_context, pair, upgrade_ops)
        elif not rules.numbers_without_default:
            _compare(autogen_context, pair, upgrade_ops)
            if (pair.schema, pair.name) in dropping:
                _tell_dropped(autogen_context, pair, upgrade_ops)
    return PriorityDispatchResult.CONTINUE


def _key(table: Any) -> list[str]:
    return [str(column.name) for column in table.primary_key.columns]


def _compare(autogen_context: AutogenContext, pair: TablePair, upgrade_ops: ops.UpgradeOps) -> None:
    rules = rules_of(autogen_context)
    for new in pair.wanted.columns:
        old = pair.told.columns.get(new.name)
        if old is None or (not rules.numbers_need_key and (old.identity is not None or new.identity is not None)):
            continue
        if old.autoincrement is True and _is_off(old, new):
            _prepare(pair, upgrade_ops, new, rules)
            pair.operations(upgrade_ops).ops.insert(0, _stop(autogen_context, pair, old))
        elif old.autoincrement is not True and old.server_default is None and _is_on(new):
            _prepare(pair, upgrade_ops, new, rules)
            pair.operations(upgrade_ops).ops.append(_start(pair, new, rules))


def _is_on(column: Column[Any]) -> bool:
    """Whether SQLAlchemy makes the column one that numbers itself."""
    default: Any = column.default
    is_plain = default is None or (isinstance(default, Sequence) and bool(default.optional))
    return column.table.autoincrement_column is column and _default(column) is None and is_plain


def _default(column: Column[Any]) -> Any:
    """What the database puts into the column; an identity is a numbering where it is none."""
    return None if column.identity is not None else column.server_default


def _is_off(old: Column[Any], new: Column[Any]) -> bool:
    """Whether the models say that the column does not number itself any more.

    A key that is a foreign key says nothing: its table may have been made without that first. Nor does a column that
    never was a key: models have no word for one that numbers itself.
    """
    if _takes_numbers(new):
        return False
    is_other = old.primary_key and new.table.autoincrement_column is not new and not new.foreign_keys
    return new.autoincrement is False or is_other or _default(new) is not None


def _takes_numbers(column: Column[Any]) -> bool:
    """Whether its default is the next value of a sequence; which one that is, defaults are compared for."""
    default: Any = getattr(_default(column), "arg", None)
    return isinstance(default, next_value) or bool(_NEXT_VALUE.search(str(default)))


def _prepare(pair: TablePair, upgrade_ops: ops.UpgradeOps, column: Column[Any], rules: Dialect) -> None:
    """Other changes of the column are made while it is not numbered; its default is none that could be changed."""
    for container in pair.all_operations(upgrade_ops):
        for each in list(container.ops):
            if isinstance(each, ops.AlterColumnOp) and each.column_name == column.name:
                _prepare_change(each, rules)
                if not each.has_changes():
                    container.ops.remove(each)


def _prepare_change(change: ops.AlterColumnOp, rules: Dialect) -> None:
    change.kw.pop("autoincrement", None)  # Alembic warns where it means nothing
    change.kw |= {"autoincrement": False} if rules.numbers_need_key else {}
    change.existing_server_default = None
    if change.modify_server_default is None:
        change.modify_server_default = False


def _stop(autogen_context: AutogenContext, pair: TablePair, column: Column[Any]) -> ops.MigrateOperation:
    if rules_of(autogen_context).numbers_need_key:
        return ChangeNumbering(pair.name, column, pair.schema, is_numbered=False)
    return stop_serial(autogen_context, pair, str(column.name))


def stop_serial(autogen_context: AutogenContext, pair: TablePair, column: str) -> StopSerial:
    """A column gives up its sequence, which may have got its name when the table was called otherwise."""
    connection, schema = connection_of(autogen_context), pair.schema
    names = once(
        autogen_context,
        ("owned sequences", schema),
        lambda: catalog_of(autogen_context).owned_sequences(connection, schema),
    )
    return StopSerial(pair.name, column, schema, sequence=names.get((pair.name, column)))


def _start(pair: TablePair, column: Column[Any], rules: Dialect) -> ops.MigrateOperation:
    if rules.numbers_need_key:
        return ChangeNumbering(pair.name, column, pair.schema)
    return StopSerial(pair.name, str(column.name), pair.schema, is_upgrade=False)


def _tables_dropping_columns(upgrade_ops: ops.UpgradeOps) -> Iterator[tuple[str | None, str]]:
    """Schema and name of each; found once, not for each table."""
    containers = [each for each in upgrade_ops.ops if isinstance(each, ops.ModifyTableOps)]
    for container in containers:
        if any(isinstance(each, ops.DropColumnOp) for each in container.ops):
            yield container.schema, container.table_name


def _tell_dropped(autogen_context: AutogenContext, pair: TablePair, upgrade_ops: ops.UpgradeOps) -> None:
    """A column that is dropped takes its sequence along; on the way back it needs one again."""
    for operation in [each for container in pair.all_operations(upgrade_ops) for each in container.ops]:
        if isinstance(operation, ops.DropColumnOp):
            column = pair.told.columns.get(operation.column_name)
            if column is not None and column.autoincrement is True and column.identity is None:
                stop = stop_serial(autogen_context, pair, operation.column_name)
                pair.operations(upgrade_ops).ops.insert(0, stop)
