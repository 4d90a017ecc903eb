"""Applies DDL that comes as an object of SQLAlchemy or Alembic; one small function a kind of object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Identity, true
from sqlalchemy import schema as ddl

from alembic_manage.alembic_api import constructs as alembic
from alembic_manage.alembic_api import final_name
from alembic_manage.state import objects
from alembic_manage.state.definitions import Reader, identity_options
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def apply_construct(schema: Schema, construct: Any, dialect: Dialect) -> bool:
    """Apply a DDL object; False where its kind is not known here, and its text must be read instead.

    Raises:
        SchemaError: a database would refuse it.
        NotImplementedError: it holds something of a kind that is not known here.
    """
    apply = _function_for(construct)
    if apply is None:
        return False
    apply(schema, construct, Reader(dialect, schema))
    return True


def is_known(construct: Any) -> bool:
    """Whether `apply_construct` would apply it."""
    return _function_for(construct) is not None


def _function_for(construct: Any) -> Callable[[Schema, Any, Reader], None] | None:
    for kind in type(construct).__mro__:
        apply = _APPLY.get(kind) or _APPLY_BY_NAME.get(kind.__name__)
        if apply is not None:
            return apply
    return None


def _create_table(schema: Schema, construct: Any, read: Reader) -> None:
    if "TEMPORARY" in [prefix.upper() for prefix in construct.element._prefixes]:
        schema.ignored.add(read.key(construct.element))
        return
    table, included = construct.element, construct.include_foreign_key_constraints
    later = set() if included is None else table.foreign_key_constraints.difference(included)
    schema.create_table(read.table(table, later), if_not_exists=bool(construct.if_not_exists))


def _drop_table(schema: Schema, construct: Any, read: Reader) -> None:
    schema.drop_table(read.key(construct.element), if_exists=bool(construct.if_exists))


def _rename_table(schema: Schema, construct: Any, read: Reader) -> None:
    key = _table_key(schema, construct)
    schema.rename_table(key, schema.key(key.schema, construct.new_table_name))


def _set_table_comment(schema: Schema, construct: Any, read: Reader) -> None:
    schema.set_table_comment(read.key(construct.element), construct.element.comment)


def _drop_table_comment(schema: Schema, construct: Any, read: Reader) -> None:
    schema.set_table_comment(read.key(construct.element), None)


def _set_column_comment(schema: Schema, construct: Any, read: Reader) -> None:
    column = construct.element
    schema.alter_column(read.key(column.table), column.name, comment=column.comment)


def _drop_column_comment(schema: Schema, construct: Any, read: Reader) -> None:
    column = construct.element
    schema.alter_column(read.key(column.table), column.name, comment=None)


def _add_column(schema: Schema, construct: Any, read: Reader) -> None:
    key = _table_key(schema, construct)
    column = construct.column
    was_there = schema.has_column(key, column.name)
    schema.add_column(key, read.column(column), if_not_exists=bool(getattr(construct, "if_not_exists", None)))
    if was_there:
        return  # what is written at it counts for nothing
    for check in read.column_checks(column):
        schema.add_constraint(key, check)
    if getattr(construct, "inline_primary_key", None) and column.primary_key:
        schema.add_constraint(key, objects.PrimaryKey(None, (column.name,)))
    if getattr(construct, "inline_references", None) and len(column.foreign_keys) == 1:
        (element,) = column.foreign_keys
        schema.add_constraint(key, read.constraint(element.constraint))


def _drop_column(schema: Schema, construct: Any, read: Reader) -> None:
    if_exists = bool(getattr(construct, "if_exists", None))
    schema.drop_column(_table_key(schema, construct), construct.column.name, if_exists=if_exists)


def _column_name(schema: Schema, construct: Any, read: Reader) -> None:
    schema.rename_column(_table_key(schema, construct), construct.column_name, construct.newname)


def _column_type(schema: Schema, construct: Any, read: Reader) -> None:
    schema.alter_column(_table_key(schema, construct), construct.column_name, type=construct.type_)


def _column_nullable(schema: Schema, construct: Any, read: Reader) -> None:
    schema.alter_column(_table_key(schema, construct), construct.column_name, nullable=construct.nullable)


def _column_default(schema: Schema, construct: Any, read: Reader) -> None:
    default = _default_text(read, construct.default)
    key, name = _table_key(schema, construct), construct.column_name
    if schema.rules.numbers_need_key and schema.column(key, name).autoincrement:
        return  # MariaDB says nothing, and changes nothing
    # The numbers of a SERIAL column come from its default: they end with it.
    numbered = {} if schema.rules.numbers_without_default else {"autoincrement": False}
    schema.alter_column(key, name, default=default, **numbered)


def _column_computed(schema: Schema, construct: Any, read: Reader) -> None:
    computed = read.computed(construct.default) if construct.default is not None else None
    schema.alter_column(_table_key(schema, construct), construct.column_name, computed=computed)


def _column_identity(schema: Schema, construct: Any, read: Reader) -> None:
    """Alembic writes only what differs between the existing and the new identity."""
    identity = construct.default
    changes: dict[str, Any] = {"identity": identity_options(identity) if isinstance(identity, Identity) else None}
    if isinstance(identity, Identity):
        changes["default"] = None
    schema.alter_column(_table_key(schema, construct), construct.column_name, **changes)


def _column_comment(schema: Schema, construct: Any, read: Reader) -> None:
    schema.alter_column(_table_key(schema, construct), construct.column_name, comment=construct.comment)


def _mysql_change(schema: Schema, construct: Any, read: Reader) -> None:
    """CHANGE and MODIFY say everything anew: what they do not mention is gone."""
    key = _table_key(schema, construct)
    schema.rename_column(key, construct.column_name, construct.newname)
    changes: dict[str, Any] = {
        "nullable": bool(construct.nullable),
        "default": _default_text(read, construct.default) if construct.default is not False else None,
        "comment": construct.comment or None,
        "autoincrement": bool(construct.autoincrement),
        "checks": (),
    }
    if construct.type_ is not None:
        changes["type"] = construct.type_
    schema.alter_column(key, construct.newname, **changes)


def _add_constraint(schema: Schema, construct: Any, read: Reader) -> None:
    constraint = construct.element
    schema.add_constraint(read.key(constraint.table), read.constraint(constraint))


def _drop_constraint(schema: Schema, construct: Any, read: Reader) -> None:
    constraint = construct.element
    key, kind = read.key(constraint.table), _KINDS.get(type(constraint).__visit_name__)
    with schema.atomic():
        schema.drop_constraint(
            key,
            final_name(constraint, read.dialect),
            kind,
            if_exists=bool(getattr(construct, "if_exists", None)),
            cascade=bool(construct.cascade),
        )
        schema.require_keys_of_numbers(key)


_KINDS = {
    "primary_key_constraint": "primary",
    "unique_constraint": "unique",
    "check_constraint": "check",
    "table_or_column_check_constraint": "check",
    "foreign_key_constraint": "foreignkey",
}


def _create_index(schema: Schema, construct: Any, read: Reader) -> None:
    index = construct.element
    schema.create_index(read.key(index.table), read.index(index), if_not_exists=bool(construct.if_not_exists))


def _drop_index(schema: Schema, construct: Any, read: Reader) -> None:
    index = construct.element
    # A table is not always said, and where it is said it may only be a name to hold the index.
    key = read.key(index.table) if index.table is not None else None
    if key is not None and schema.find(key) is None:
        key = schema.key(key.schema, key.name) if not schema.rules.index_names_span_tables else None
    owner = index.table.schema if index.table is not None else None
    name = str(final_name(index, read.dialect))
    with schema.atomic():
        schema.drop_index(name, key, schema=owner, if_exists=bool(construct.if_exists))
        if key is not None:
            schema.require_keys_of_numbers(key)


def _create_sequence(schema: Schema, construct: Any, read: Reader) -> None:
    sequence = construct.element
    options = {name: value for name in _SEQUENCE if (value := getattr(sequence, name, None)) is not None}
    key = schema.key(sequence.schema, sequence.name)
    schema.create_sequence(objects.Sequence(key, options), if_not_exists=bool(construct.if_not_exists))


_SEQUENCE = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache", "data_type")


def _drop_sequence(schema: Schema, construct: Any, read: Reader) -> None:
    sequence = construct.element
    schema.drop_sequence(schema.key(sequence.schema, sequence.name), if_exists=bool(construct.if_exists))


def _create_schema(schema: Schema, construct: Any, read: Reader) -> None:
    schema.create_schema(str(construct.element), if_not_exists=bool(construct.if_not_exists))


def _drop_schema(schema: Schema, construct: Any, read: Reader) -> None:
    cascade = bool(getattr(construct, "cascade", False))
    schema.drop_schema(str(construct.element), if_exists=bool(construct.if_exists), cascade=cascade)


def _create_enum(schema: Schema, construct: Any, read: Reader) -> None:
    enum = construct.element
    key = schema.key(enum.schema, enum.name)
    schema.create_enum(objects.EnumType(key, tuple(enum.enums)))


def _drop_enum(schema: Schema, construct: Any, read: Reader) -> None:
    enum = construct.element
    schema.drop_enum(schema.key(enum.schema, enum.name))


def _table_key(schema: Schema, construct: Any) -> objects.Key:
    return schema.key(construct.schema, construct.table_name)


def _default_text(read: Reader, default: Any) -> str | None:
    if default is None or default is False:
        return None
    argument = getattr(default, "arg", default)
    return read.default(true() if argument is True else argument)


_APPLY: dict[type, Callable[[Schema, Any, Reader], None]] = {
    ddl.CreateTable: _create_table,
    ddl.DropTable: _drop_table,
    ddl.SetTableComment: _set_table_comment,
    ddl.DropTableComment: _drop_table_comment,
    ddl.SetColumnComment: _set_column_comment,
    ddl.DropColumnComment: _drop_column_comment,
    ddl.AddConstraint: _add_constraint,
    ddl.DropConstraint: _drop_constraint,
    ddl.CreateIndex: _create_index,
    ddl.DropIndex: _drop_index,
    ddl.CreateSequence: _create_sequence,
    ddl.DropSequence: _drop_sequence,
    ddl.CreateSchema: _create_schema,
    ddl.DropSchema: _drop_schema,
    alembic.RenameTable: _rename_table,
    alembic.AddColumn: _add_column,
    alembic.DropColumn: _drop_column,
    alembic.ColumnName: _column_name,
    alembic.ColumnType: _column_type,
    alembic.TypeUsing: _column_type,
    alembic.ColumnNullable: _column_nullable,
    alembic.ColumnDefault: _column_default,
    alembic.ComputedColumnDefault: _column_computed,
    alembic.IdentityColumnDefault: _column_identity,
    alembic.ColumnComment: _column_comment,
    alembic.AlterDefault: _column_default,
    alembic.ChangeColumn: _mysql_change,
}

# Of classes that belong to one dialect of SQLAlchemy.
_APPLY_BY_NAME: dict[str, Callable[[Schema, Any, Reader], None]] = {
    "CreateEnumType": _create_enum,
    "DropEnumType": _drop_enum,
}
