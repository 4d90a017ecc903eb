"""Computed columns: added, removed, another expression, stored or not.

Few databases can change what a column is computed from: the column is dropped and added again, with the indexes and
constraints that go with it. No data is lost by that but where a plain column becomes a computed one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, Computed, Constraint, ForeignKeyConstraint, Table, UniqueConstraint

from alembic_manage.comparators.catalog import NAMES, catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.expression import same_expression, text_of
from alembic_manage.operations import Remark

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register it; it runs when the columns, indexes and constraints of a table were compared."""
    for name in NAMES:
        plugin.add_autogenerate_comparator(
            _compare_computed, "table", "computed columns", qualifier=name, priority=DispatchPriority.LAST
        )


def _compare_computed(
    autogen_context: AutogenContext,
    modify_table_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    for metadata_col in metadata_table.columns:
        conn_col = conn_table.columns.get(metadata_col.name)
        if conn_col is not None and not _is_same(autogen_context, schema, tname, conn_col, metadata_col):
            _replace(modify_table_ops, schema, tname, conn_col, metadata_col)
    return PriorityDispatchResult.CONTINUE


def _is_same(
    autogen_context: AutogenContext, schema: str | None, tname: str, conn_col: Column[Any], metadata_col: Column[Any]
) -> bool:
    told, wanted = conn_col.computed, metadata_col.computed
    if told is None or wanted is None:
        return told is None and wanted is None
    always_stored = rules_of(autogen_context).stores_computed
    if not always_stored and bool(told.persisted) != bool(wanted.persisted):
        return False
    connection = connection_of(autogen_context)
    texts = once(
        autogen_context, ("computed", schema), lambda: catalog_of(autogen_context).computed(connection, schema)
    )
    text = texts.get((tname, str(conn_col.name))) or text_of(autogen_context, told.sqltext)
    return same_expression(autogen_context, schema, tname, text, text_of(autogen_context, wanted.sqltext))


def _replace(
    modify_table_ops: ops.ModifyTableOps, schema: str | None, tname: str, old: Column[Any], new: Column[Any]
) -> None:
    """Drop the column and add it anew, in the place of the operations that would alter it."""
    name = str(new.name)
    modify_table_ops.ops = [
        each for each in modify_table_ops.ops if not (isinstance(each, ops.AlterColumnOp) and each.column_name == name)
    ]
    lasting = list(_lasting(modify_table_ops, old, new))
    modify_table_ops.ops += [each.reverse() for each in reversed(lasting)]
    modify_table_ops.ops.append(Remark(_remark(name, old.computed, new.computed), tname, schema))
    modify_table_ops.ops.append(ops.DropColumnOp.from_column_and_tablename(schema, tname, old))
    modify_table_ops.ops.append(ops.AddColumnOp.from_column_and_tablename(schema, tname, new))
    modify_table_ops.ops += lasting


def _remark(name: str, old: Computed | None, new: Computed | None) -> str:
    if old is None:
        return f"{name} becomes a computed column: the values that are in it are lost"
    if new is None:
        return f"{name} is computed no more: the values that were computed are lost"
    return f"{name} is computed from something else: it is dropped and added again"


def _lasting(
    modify_table_ops: ops.ModifyTableOps, old: Column[Any], new: Column[Any]
) -> Iterator[ops.MigrateOperation]:
    """The operations that make what is there before and after, and goes with the column."""
    made = {_name_made(each) for each in modify_table_ops.ops} - {None}
    before, after = old.table, new.table
    for constraint in sorted(after.constraints, key=lambda each: str(each.name)):
        is_there = any(each.name == constraint.name for each in before.constraints)
        if is_there and constraint.name not in made and _uses(constraint, new):
            yield ops.AddConstraintOp.from_constraint(constraint)
    for index in sorted(after.indexes, key=lambda each: str(each.name)):
        is_there = any(each.name == index.name for each in before.indexes)
        if is_there and index.name not in made and new in list(index.columns):
            yield ops.CreateIndexOp.from_index(index)


def _name_made(operation: Any) -> Any:
    if isinstance(operation, ops.CreateIndexOp):
        return operation.index_name
    return getattr(operation, "constraint_name", None) if isinstance(operation, ops.AddConstraintOp) else None


def _uses(constraint: Constraint, column: Column[Any]) -> bool:
    kinds = (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
    return isinstance(constraint, kinds) and constraint.name is not None and column in list(constraint.columns)
