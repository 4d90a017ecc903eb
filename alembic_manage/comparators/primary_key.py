"""The primary key: added, removed, of other columns, of the same columns in another order, with another name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority
from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType

from alembic_manage.alembic_api import final_name
from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.sql_text import named
from alembic_manage.comparators.table_pair import TablePair, compares_tables
from alembic_manage.operations import ChangeNumbering, RenameConstraint, ReplacePrimaryKey

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@compares_tables("primary key", DispatchPriority.LAST)
def _compare(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    told = tuple(str(column.name) for column in pair.told.primary_key.columns)
    if told not in _orders(pair.wanted.primary_key):
        log.info("Detected changed primary key of %r", pair.name)
        _change(autogen_context, modify_ops, pair.schema, pair.told, pair.wanted)
    elif told and _has_new_name(autogen_context, pair.told, pair.wanted):
        log.info("Detected new name of the primary key of %r", pair.name)
        _rename(autogen_context, modify_ops, pair.schema, pair.told, pair.wanted)


def _has_new_name(autogen_context: AutogenContext, conn_table: Table, metadata_table: Table) -> bool:
    """Whether both sides have a name, and another one, where names count."""
    old, new = conn_table.primary_key.name, final_name(metadata_table.primary_key, autogen_context.dialect)
    return bool(old and new and str(old) != new) and not rules_of(autogen_context).one_primary_key_name


def _rename(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    conn_table: Table,
    metadata_table: Table,
) -> None:
    """Without dropping it where that can be done: foreign keys may rest on it."""
    if "primary" not in rules_of(autogen_context).renamed_constraints:
        _change(autogen_context, modify_ops, schema, conn_table, metadata_table)
        return
    new = str(final_name(metadata_table.primary_key, autogen_context.dialect))
    operation = RenameConstraint(str(metadata_table.name), str(conn_table.primary_key.name), new, schema)
    modify_ops.ops.append(operation)


def _orders(key: PrimaryKeyConstraint) -> tuple[tuple[str, ...], ...]:
    """The columns; where nobody said their order, CREATE TABLE may have the numbered one first."""
    columns = tuple(str(column.name) for column in key.columns)
    if not key._implicit_generated:
        return (columns,)
    return tuple(str(column.name) for column in key.columns_autoinc_first), columns


def _change(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    conn_table: Table,
    metadata_table: Table,
) -> None:
    """Add the operations: what is dropped first, what is made last."""
    table, old_name = str(metadata_table.name), conn_table.primary_key.name
    old, new = _orders(conn_table.primary_key)[-1], _orders(metadata_table.primary_key)[0]
    before = next((each for each in conn_table.primary_key.columns if each.autoincrement is True), None)
    after = metadata_table.autoincrement_column
    if rules_of(autogen_context).numbers_need_key and (before is not None or after is not None):
        modify_ops.ops.append(_replacement(table, schema, old, new, before, after))
        if before is not None and after is not None and before.name != after.name:
            modify_ops.ops.append(ChangeNumbering(table, after, schema))
        return
    final = final_name(metadata_table.primary_key, autogen_context.dialect)
    name = named(metadata_table.primary_key, final) or old_name or _made_name(autogen_context, table)
    if old:
        has_one_name = rules_of(autogen_context).one_primary_key_name  # any does to drop it
        dropped = conv(str(old_name)) if old_name else name if has_one_name else None
        modify_ops.ops.insert(0, ops.DropConstraintOp.from_constraint(_key(table, schema, dropped, old)))
    if new:
        modify_ops.ops.append(ops.AddConstraintOp.from_constraint(_key(table, schema, name, new)))


def _replacement(
    table: str,
    schema: str | None,
    old: tuple[str, ...],
    new: tuple[str, ...],
    before: Column[Any] | None,
    after: Column[Any] | None,
) -> ReplacePrimaryKey:
    """One statement; a column stays numbered where the models say so."""
    if before is not None and after is not None and before.name == after.name:
        return ReplacePrimaryKey(table, old, new, schema=schema)
    if before is not None:
        return ReplacePrimaryKey(table, old, new, before, schema)
    return ReplacePrimaryKey(table, old, new, after, schema, is_numbered_after=True)


def _key(table: str, schema: str | None, name: Any, columns: Sequence[str]) -> PrimaryKeyConstraint:
    """A primary key of a table that holds nothing else."""
    key = PrimaryKeyConstraint(*columns, name=name)
    Table(table, MetaData(), *(Column(column, NullType()) for column in columns), key, schema=schema)
    return key


def _made_name(autogen_context: AutogenContext, table: str) -> str:
    """A name, where neither side has one: without it the key could not be dropped again."""
    rules = rules_of(autogen_context)
    return rules.generated_name("primary", table, (), ()) or rules.cut_name(f"pk_{table}")
