"""What the state changes about SQLAlchemy's types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import CompileError
from sqlalchemy.types import Boolean, Enum, SchemaType, TypeDecorator, Uuid

from alembic_manage.state.sql.sql_reader import SqlReader
from alembic_manage.state.sql.sql_types import read_type
from alembic_manage.state.sql.statements import OpaqueStatementError

if TYPE_CHECKING:
    from alembic_manage.state.schema import Schema


def without_check(type_: Any) -> Any:
    """A Boolean or Enum that writes no CHECK: the state holds that as a constraint of its own."""
    if not isinstance(type_, SchemaType) or not getattr(type_, "create_constraint", False):
        return type_
    copied: Any = type_.copy()  # type: ignore[no-untyped-call]
    copied.create_constraint = False
    return copied


def as_reflected(type_: Any, schema: Schema, dialect: Any) -> Any:
    """The type that an inspector of a real database would tell: what the column's DDL says, nothing of Python's side.

    Args:
        type_: as the revision gave it.
        schema: whose named types count.
        dialect: SQLAlchemy's.
    """
    found = _read_back(type_, schema, dialect)
    return found if schema.rules.reflects_collations else _without_collation(found)


def _read_back(type_: Any, schema: Schema, dialect: Any) -> Any:
    if schema.rules.enum_key(type_) is not None or not isinstance(type_, TypeDecorator | Uuid | Boolean | Enum):
        return without_check(type_)
    try:
        text = str(dialect.type_compiler_instance.process(type_))
        return read_type(SqlReader(text, schema.rules), schema, dialect)
    except (CompileError, NotImplementedError, OpaqueStatementError):
        return without_check(type_)


def _without_collation(type_: Any) -> Any:
    if getattr(type_, "collation", None) is None:
        return type_
    copied = type_.copy()
    copied.collation = None
    return copied
