"""Values that mean nothing, of any type, for rows whose own values are not known any more."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, types
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.dialects import dialect_named

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


def neutral_value(type_: TypeEngine[Any], dialect: Dialect) -> str | None:
    """The SQL of "", 0, false, the first day of the epoch, the first label: whatever the type has for nothing.

    None where nothing is known about the type.

    Args:
        type_: of the column.
        dialect: SQLAlchemy's, of the SQL.
    """
    plain = plain_type(type_, dialect)
    named = dialect_named(dialect.name).neutral_literals.get(str(getattr(plain, "__visit_name__", "")).lower())
    if named is not None:
        return named
    for kind, make in _NEUTRAL:
        if isinstance(plain, kind):
            return literal_sql(make(plain), plain, dialect)
    return None


def literal_sql(value: Any, type_: TypeEngine[Any], dialect: Dialect) -> str | None:
    """A Python value as the SQL that a column of the type takes; None where the type cannot write it.

    Args:
        value: as the models have it.
        type_: of the column; its own conversion of values counts.
        dialect: SQLAlchemy's, of the SQL.
    """
    rules = dialect_named(dialect.name)
    if isinstance(value, bytes):
        return rules.binary_literal.format(value.hex())
    if isinstance(type_, types.JSON):
        return rules.text_literal(json.dumps(value))
    if isinstance(type_, types.Boolean) and isinstance(value, bool):
        return rules.boolean_words[value]
    try:
        compiled = literal(value, type_).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    except (SQLAlchemyError, NotImplementedError, TypeError, ValueError, AttributeError, LookupError):
        return None
    # Not for execution with parameters: the SQL goes to the driver as op.execute() has it.
    return str(compiled).replace("%%", "%")


def numbered_word(type_: TypeEngine[Any], dialect: Dialect) -> str | None:
    """What numbers are made into, so that values of the type differ: see Dialect.numbered_values.

    None where the type has no such values.

    Args:
        type_: of the column.
        dialect: SQLAlchemy's.
    """
    plain = plain_type(type_, dialect)
    if isinstance(plain, types.Enum | types.Boolean):
        return None
    return next((word for kind, word in _NUMBERED if isinstance(plain, kind)), None)


def plain_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The type without what Python adds to it."""
    found: Any = type_.dialect_impl(dialect) if isinstance(type_, types.TypeDecorator) else type_
    return found.impl_instance if isinstance(found, types.TypeDecorator) else found


# From the special to the general: an Enum is a String too.
_NEUTRAL: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any]], ...] = (
    (types.Enum, lambda type_: type_.enums[0] if type_.enums else ""),
    (types.Boolean, lambda _: False),
    (types.Integer, lambda _: 0),
    (types.Float, lambda _: 0.0),
    (types.Numeric, lambda _: Decimal(0)),
    (types.DateTime, lambda _: datetime(1970, 1, 1)),
    (types.Date, lambda _: date(1970, 1, 1)),
    (types.Time, lambda _: time(0, 0)),
    (types.Interval, lambda _: timedelta(0)),
    (types.Uuid, lambda type_: uuid.UUID(int=0) if type_.as_uuid else str(uuid.UUID(int=0))),
    (types.String, lambda _: ""),
    (types.LargeBinary, lambda _: b""),
    (types._Binary, lambda _: b""),
    (types.JSON, lambda _: {}),
)
_NUMBERED: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (types.Integer, "number"),
    (types.Float, "number"),
    (types.Numeric, "number"),
    (types.DateTime, "timestamp"),
    (types.Date, "date"),
    (types.Uuid, "uuid"),
    (types.String, "text"),
)
