"""Enum types that are apart from their columns: values added, removed, put in another order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import ARRAY, CheckConstraint, Column, Enum, MetaData, Table
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlalchemy.types import TypeDecorator

from alembic_manage.comparators.catalog import catalog_of, connection_of, own_schema
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.enum_leaving import is_filled, is_retyped, is_taken_up, leaving, taken_out
from alembic_manage.comparators.enum_owner import another_compares_enums
from alembic_manage.operations import ChangeEnum, EnumColumn, Rebuilt
from alembic_manage.operations.enum import literal

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

from alembic_manage.dialects import EnumUse

EnumKey: TypeAlias = tuple[str | None, str]
"""Schema and name; None is the default schema."""


@compares("schema", "enum types", DispatchPriority.LAST)
def _compare_enums(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Iterable[str | None]
) -> PriorityDispatchResult:
    if another_compares_enums():
        return PriorityDispatchResult.CONTINUE
    there = _labels_there(autogen_context)
    wanted = enums_of_models(autogen_context) if there else {}
    for key, enum in wanted.items():
        labels = tuple(map(str, enum.enums))
        if key in there and there[key] != labels:
            _change(autogen_context, upgrade_ops, key, there[key], labels)
    return PriorityDispatchResult.CONTINUE


def _labels_there(autogen_context: AutogenContext) -> Mapping[EnumKey, tuple[str, ...]]:
    """The types of the database; none where it has no types apart from columns."""
    inspector: Any = autogen_context.inspector
    found = inspector.get_enums(schema="*") if hasattr(inspector, "get_enums") else []
    return {(own_schema(autogen_context, each["schema"]), each["name"]): tuple(each["labels"]) for each in found}


def enums_of_models(autogen_context: AutogenContext) -> Mapping[EnumKey, Enum]:
    """The types that columns of the models have, each once."""
    found: dict[EnumKey, Enum] = {}
    for table in autogen_context.sorted_tables:
        for column in table.columns:
            enum = enum_of(column.type, autogen_context.dialect)
            if enum is not None:
                found.setdefault((own_schema(autogen_context, enum.schema), str(enum.name)), enum)
    return found


def enum_of(type_: Any, dialect: Any) -> Enum | None:
    """The named type that a column's type stands for on a database, as the element of an array too."""
    type_ = type_._variant_mapping.get(dialect.name, type_)
    if isinstance(type_, TypeDecorator):
        return enum_of(type_.load_dialect_impl(dialect), dialect)
    if isinstance(type_, ARRAY):
        return enum_of(type_.item_type, dialect)
    return type_ if isinstance(type_, Enum) and type_.native_enum and type_.name else None


def _change(
    autogen_context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    key: EnumKey,
    before: tuple[str, ...],
    after: tuple[str, ...],
) -> None:
    """Put the change before the other operations, but for those that must come before it."""
    schema, name = key
    uses = list(catalog_of(autogen_context).enum_uses(connection_of(autogen_context), schema, name))
    change = ChangeEnum(name, before, after, schema=schema)

    def is_of(type_: Any) -> bool:
        return _key_of(autogen_context, type_) == key

    first: list[ops.MigrateOperation] = []
    if change.only_adds:
        texts = list(_texts(autogen_context, key))
        is_used = any(literal(label) in text for label in change.added for text in texts)
        fills = any(is_filled(upgrade_ops, use, on_downgrade=False) for use in uses)
        change.in_own_transaction = is_used or fills or is_taken_up(upgrade_ops, is_of)
    else:
        gone = leaving(upgrade_ops, is_of, uses)
        uses = [use for use in uses if use not in gone]
        change.rebuilt = tuple(_rebuilt(autogen_context, uses))
        fills = any(is_filled(upgrade_ops, use, on_downgrade=True) for use in uses)
        retypes = any(is_retyped(upgrade_ops, use) for use in gone)
        if fills or retypes or _is_used_again(autogen_context, change, gone):
            change.in_own_transaction = True
        first = taken_out(upgrade_ops, is_of, gone)
    change.columns = tuple(_column(autogen_context, upgrade_ops, key, use) for use in uses)
    upgrade_ops.ops[:0] = [*first, *_dropped_first(upgrade_ops, change), change]


def _is_used_again(autogen_context: AutogenContext, change: ChangeEnum, gone: Iterable[EnumUse]) -> bool:
    """Whether the way back, which adds the values, uses them at once: in what is made anew, and in what comes back."""
    texts = [each.create for each in (*change.rebuilt, *_rebuilt(autogen_context, gone))]
    texts += [use.default or "" for use in gone]
    return any(literal(label) in text for label in change.removed for text in texts)


def _column(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, key: EnumKey, use: EnumUse) -> EnumColumn:
    """The column with its defaults; a change of the default is taken out of `upgrade_ops`, for it belongs in here."""
    default = new_default = use.default
    column, found = _column_wanted(autogen_context, use), _alteration(upgrade_ops, use)
    if found is not None and column is not None and _has_enum(autogen_context, column, key):
        new_default = _default_text(autogen_context, column)
        found.modify_server_default = False
        _drop_empty(upgrade_ops, found)
    return EnumColumn(use.schema, use.table, use.column, use.is_array, default, new_default)


def _column_wanted(autogen_context: AutogenContext, use: EnumUse) -> Column[Any] | None:
    """The column in the models."""
    for table in autogen_context.sorted_tables:
        if (own_schema(autogen_context, table.schema), table.name) == (use.schema, use.table):
            return next((column for column in table.columns if column.name == use.column), None)
    return None


def _has_enum(autogen_context: AutogenContext, column: Column[Any], key: EnumKey) -> bool:
    return _key_of(autogen_context, column.type) == key


def _key_of(autogen_context: AutogenContext, type_: Any) -> EnumKey | None:
    enum = enum_of(type_, autogen_context.dialect)
    return (own_schema(autogen_context, enum.schema), str(enum.name)) if enum is not None else None


def _alteration(upgrade_ops: ops.UpgradeOps, use: EnumUse) -> ops.AlterColumnOp | None:
    """The operation that changes the column's default."""
    for table_ops in upgrade_ops.ops:
        for each in table_ops.ops if isinstance(table_ops, ops.ModifyTableOps) else ():
            if not isinstance(each, ops.AlterColumnOp) or each.modify_server_default is False:
                continue
            if (each.schema, each.table_name, each.column_name) == (use.schema, use.table, use.column):
                return each
    return None


def _drop_empty(upgrade_ops: ops.UpgradeOps, operation: ops.AlterColumnOp) -> None:
    if operation.has_changes():
        return
    for table_ops in list(upgrade_ops.ops):
        if isinstance(table_ops, ops.ModifyTableOps) and operation in table_ops.ops:
            table_ops.ops.remove(operation)
            if not table_ops.ops:
                upgrade_ops.ops.remove(table_ops)


def _default_text(autogen_context: AutogenContext, column: Column[Any]) -> str | None:
    dialect: Any = autogen_context.dialect
    text = dialect.ddl_compiler(dialect, None).get_column_default_string(column)
    return None if text is None else str(text)


def _texts(autogen_context: AutogenContext, key: EnumKey) -> Iterator[str]:
    """The SQL of the models in which values of the type may stand."""
    for table in autogen_context.sorted_tables:
        columns = [column for column in table.columns if _has_enum(autogen_context, column, key)]
        for column in columns:
            yield _default_text(autogen_context, column) or ""
        expressions = [each.sqltext for each in table.constraints if isinstance(each, CheckConstraint)]
        expressions += [index.kwargs.get(f"{autogen_context.dialect.name}_where") for index in table.indexes]
        for expression in expressions if columns else ():
            if expression is not None:
                yield _compiled(autogen_context, expression)


def _rebuilt(autogen_context: AutogenContext, uses: Iterable[EnumUse]) -> Iterator[Rebuilt]:
    """The checks and indexes of the database that compare a column with values of its type."""
    connection = connection_of(autogen_context)
    dialect: Any = autogen_context.dialect
    quote = dialect.identifier_preparer.quote
    for schema, name in dict.fromkeys((use.schema, use.table) for use in uses):
        columns = [use.column for use in uses if (use.schema, use.table) == (schema, name)]
        place = ".".join(quote(part) for part in (schema, name) if part)
        for check in autogen_context.inspector.get_check_constraints(name, schema=schema):
            if _mentions(check["sqltext"], columns):
                constraint = quote(str(check["name"]))
                yield Rebuilt(
                    str(check["name"]),
                    f"ALTER TABLE {place} DROP CONSTRAINT {constraint}",
                    f"ALTER TABLE {place} ADD CONSTRAINT {constraint} CHECK ({check['sqltext']})",
                )
        table = Table(name, MetaData(), schema=schema, autoload_with=connection, resolve_fks=False)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            where = index.kwargs.get(f"{dialect.name}_where")
            parts = [_compiled(autogen_context, part) for part in index.expressions if not isinstance(part, Column)]
            parts += [_compiled(autogen_context, where)] if where is not None else []
            if any(_mentions(part, columns) for part in parts):
                drop, create = (str(kind(index).compile(dialect=dialect)) for kind in (DropIndex, CreateIndex))
                yield Rebuilt(str(index.name), drop.strip(), create.strip())


def _dropped_first(upgrade_ops: ops.UpgradeOps, change: ChangeEnum) -> list[ops.MigrateOperation]:
    """The operations that drop what stands in the way of a swap, taken out of their place: it is not made anew."""
    names = {each.name: each for each in change.rebuilt}
    found: list[ops.MigrateOperation] = []
    for table_ops in [each for each in upgrade_ops.ops if isinstance(each, ops.ModifyTableOps)]:
        drops = [each for each in table_ops.ops if _name_dropped(each) in names]
        if drops:
            found.append(ops.ModifyTableOps(table_ops.table_name, drops, schema=table_ops.schema))
            table_ops.ops = [each for each in table_ops.ops if each not in drops]
    dropped = {_name_dropped(each) for part in found for each in part.ops}  # type: ignore[attr-defined]
    change.rebuilt = tuple(each for each in change.rebuilt if each.name not in dropped)
    upgrade_ops.ops = [each for each in upgrade_ops.ops if not isinstance(each, ops.ModifyTableOps) or each.ops]
    return found


def _name_dropped(operation: ops.MigrateOperation) -> str | None:
    if isinstance(operation, ops.DropConstraintOp):
        return str(operation.constraint_name)
    return str(operation.index_name) if isinstance(operation, ops.DropIndexOp) else None


def _mentions(text: str, columns: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(column)}\b", text) for column in columns)


def _compiled(autogen_context: AutogenContext, expression: Any) -> str:
    if isinstance(expression, str):
        return expression
    options = {"literal_binds": True, "include_table": False}
    return str(expression.compile(dialect=autogen_context.dialect, compile_kwargs=options))
