"""Computed columns: added, removed, another expression, stored or not.

Few databases can change what a column is computed from: the column is dropped and added again, with the indexes and
constraints that go with it. No data is lost by that but where a plain column becomes a computed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, Constraint, ForeignKeyConstraint, UniqueConstraint

from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.expression import same_expression, text_of
from alembic_manage.comparators.table_pair import pairs_of
from alembic_manage.operations import Remark
from alembic_manage.operations.computed import DropExpression
from alembic_manage.operations.rows import FillOnce

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@compares("schema", "computed columns", DispatchPriority.LAST)
def _compare_computed(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Iterable[str | None]
) -> PriorityDispatchResult:
    for pair in pairs_of(autogen_context):
        for new in pair.wanted.columns:
            old = pair.told.columns.get(new.name)
            if old is None or (old.computed is None and new.computed is None):
                continue
            is_same = _is_same(autogen_context, pair.schema, pair.name, old, new)
            if not is_same or _is_altered_in_vain(autogen_context, pair.operations(upgrade_ops), new):
                _change(autogen_context, pair.operations(upgrade_ops), old, new)
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
    text = _told_text(autogen_context, schema, tname, conn_col)
    return same_expression(autogen_context, schema, tname, text, text_of(autogen_context, wanted.sqltext))


def _is_altered_in_vain(autogen_context: AutogenContext, table_ops: ops.ModifyTableOps, column: Column[Any]) -> bool:
    """Whether the type of a computed column is to change, its NOT NULL or its comment, and Alembic cannot do that."""
    if rules_of(autogen_context).drops_expressions:
        return False
    return any(
        isinstance(each, ops.AlterColumnOp)
        and each.column_name == column.name
        and (each.modify_type is not None or each.modify_nullable is not None or each.modify_comment is not False)
        for each in table_ops.ops
    )


def _told_text(autogen_context: AutogenContext, schema: str | None, tname: str, column: Column[Any]) -> str:
    """The expression, as the database has it."""
    connection = connection_of(autogen_context)
    texts = once(
        autogen_context, ("computed", schema), lambda: catalog_of(autogen_context).computed(connection, schema)
    )
    found = texts.get((tname, str(column.name)))
    return found if found is not None else text_of(autogen_context, column.computed.sqltext)  # type: ignore[union-attr]


def _change(autogen_context: AutogenContext, table_ops: ops.ModifyTableOps, old: Column[Any], new: Column[Any]) -> None:
    if new.computed is None and rules_of(autogen_context).drops_expressions:
        again = [_dropped(table_ops, new), _added(table_ops, old)]
        table_ops.ops.insert(0, DropExpression(table_ops.table_name, str(new.name), again, table_ops.schema))
        return
    # Altering it is out of the question.
    table_ops.ops = [
        each for each in table_ops.ops if not (isinstance(each, ops.AlterColumnOp) and each.column_name == new.name)
    ]
    lasting = list(_lasting(table_ops, old, new))
    table_ops.ops += [each.reverse() for each in reversed(lasting)]
    table_ops.ops.append(Remark(_remark(old, new), table_ops.table_name, table_ops.schema))
    table_ops.ops += [_dropped(table_ops, old), *_added_with_values(autogen_context, table_ops, old, new), *lasting]


def _dropped(table_ops: ops.ModifyTableOps, column: Column[Any]) -> ops.DropColumnOp:
    return ops.DropColumnOp.from_column_and_tablename(table_ops.schema, table_ops.table_name, column)


def _added(table_ops: ops.ModifyTableOps, column: Column[Any]) -> ops.AddColumnOp:
    return ops.AddColumnOp.from_column_and_tablename(table_ops.schema, table_ops.table_name, column)


def _added_with_values(
    autogen_context: AutogenContext, table_ops: ops.ModifyTableOps, old: Column[Any], new: Column[Any]
) -> Iterator[ops.MigrateOperation]:
    """What was computed is put into the column that takes its place."""
    if old.computed is None or new.computed is not None:
        yield _added(table_ops, new)
        return
    schema, table, name = table_ops.schema, table_ops.table_name, str(new.name)
    first: Column[Any] = new._copy()
    first.nullable, first.server_default = True, None
    yield _added(table_ops, first)
    yield FillOnce(table, name, _told_text(autogen_context, schema, table, old), schema)
    if not new.nullable or new.server_default is not None:
        yield ops.AlterColumnOp(
            table,
            name,
            schema=schema,
            existing_type=new.type,
            existing_nullable=True,
            existing_server_default=None,
            modify_nullable=False if not new.nullable else None,
            modify_server_default=new.server_default if new.server_default is not None else False,
        )


def _remark(old: Column[Any], new: Column[Any]) -> str:
    if old.computed is None:
        return f"{new.name} becomes a computed column: the values that are in it are lost"
    if new.computed is None:
        return f"{new.name} is no longer computed: it is dropped, added again, and gets its values back"
    return f"{new.name} is computed in another way: it is dropped and added again"


def _lasting(table_ops: ops.ModifyTableOps, old: Column[Any], new: Column[Any]) -> Iterator[ops.MigrateOperation]:
    """The operations that make what is there before and after, and goes with the column."""
    made = {_name_made(each) for each in table_ops.ops} - {None}
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
