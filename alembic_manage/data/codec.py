"""How the values of a column type stand in a fixture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from alembic_manage.data import scalars
from alembic_manage.dialects import dialect_named

Convert = Callable[[Any], Any]
JSON_MARK = "$json"


def as_it_is(value: Any) -> Any:
    """The value: JSON has it."""
    return value


@dataclass(frozen=True)
class Codec:
    """Both ways between the Python value of a type and what stands in a fixture; neither is asked about NULL."""

    name: str
    """What a value is, for messages: "date"."""
    encode: Convert
    """Raises ValueError where there is no text for the value."""
    decode: Convert
    """Raises ValueError, with or without a text, where the fixture holds no value of the type."""
    is_structured: bool = False
    """Whether text of a CSV file is JSON."""
    is_json: bool = False
    """Whether NULL and JSON's null are two values."""
    may_be_empty: bool = False
    """Whether a value may stand as a text without characters; else an empty cell of CSV is NULL."""
    stored: TypeEngine[Any] | None = None
    """A type to read and write the column as, by a mere change of type in Python."""
    is_cast: bool = False
    """Whether the database itself turns values into text, and text into values."""


def codec_of(type_: TypeEngine[Any], dialect: SQLAlchemyDialect, *, casts: bool) -> Codec:
    """The codec of a type.

    Args:
        type_: of a column.
        dialect: of the database.
        casts: whether a type that nobody here knows is left to the database, as text.
    """
    if isinstance(type_, sa.PickleType):
        # Its bytes, not its objects: a fixture must not run code.
        return replace(_BYTES, stored=sa.LargeBinary())
    real = type_.dialect_impl(dialect)
    if isinstance(real, TypeDecorator) and not isinstance(real, sa.Interval):
        return _decorated(real, dialect)
    if casts and _python_type(real) is timedelta and not isinstance(type_, sa.Interval):
        return _CAST  # it may hold months, which timedelta does not know
    known = _BY_PYTHON_TYPE.get(_python_type(real))
    if known is not None:
        return known
    if hasattr(real, "retrieve_as_bitwise"):  # several labels in one value, although its Python type says text
        return Codec("list", scalars.encode, set, is_structured=True)
    for kind, make in _KINDS:
        if isinstance(real, kind):
            return make(real, dialect)
    return _CAST if casts and not isinstance(real, sa.types.NullType) else _UNKNOWN


def _python_type(type_: TypeEngine[Any]) -> type | None:
    try:
        return type_.python_type
    except NotImplementedError:
        return None


def _decorated(type_: TypeDecorator[Any], dialect: SQLAlchemyDialect) -> Codec:
    """Values of a TypeDecorator go through its own two functions, so that the fixture has what the database has."""
    inner = codec_of(type_.load_dialect_impl(dialect), dialect, casts=False)
    lenient = replace(inner, decode=scalars.decode_datetime) if inner is _LOCAL_DATETIME else inner
    bind = _own(type_, "process_bind_param", dialect)
    result = _own(type_, "process_result_value", dialect)
    return replace(
        lenient,
        encode=lambda value: _unless_none(lenient.encode, bind(value)),
        decode=lambda value: result(lenient.decode(value)),
        is_json=False,
        stored=None,
    )


def _own(type_: TypeDecorator[Any], name: str, dialect: SQLAlchemyDialect) -> Convert:
    """A function of the decorator; where it has none of its own, one that changes nothing."""
    if getattr(type(type_), name) is getattr(TypeDecorator, name):
        return lambda value: value
    return lambda value: getattr(type_, name)(value, dialect)


def _unless_none(convert: Convert, value: Any) -> Any:
    return None if value is None else convert(value)


def _enum(type_: sa.Enum, dialect: SQLAlchemyDialect) -> Codec:
    """The label, as the database has it."""
    bind: Convert = type_.bind_processor(dialect) or as_it_is  # type: ignore[no-untyped-call]
    result: Convert = type_.result_processor(dialect, None) or as_it_is  # type: ignore[no-untyped-call]

    def decode(value: Any) -> Any:
        if value not in type_.enums:
            raise ValueError(f"is not one of {', '.join(map(str, type_.enums))}")
        return result(value)

    return Codec("label", lambda value: scalars.encode(bind(value)), decode, may_be_empty=True)


def _json(type_: sa.JSON, dialect: SQLAlchemyDialect) -> Codec:
    return Codec("JSON", _marked, _unmarked, is_structured=True, is_json=True)


def _marked(value: Any) -> Any:
    """A JSON value; null, which would be NULL, and what could be taken for a mark get one."""
    is_mark = isinstance(value, dict) and list(value) == [JSON_MARK]
    return {JSON_MARK: value} if value is None or is_mark else value


def _unmarked(value: Any) -> Any:
    is_mark = isinstance(value, dict) and list(value) == [JSON_MARK]
    found = value[JSON_MARK] if is_mark else value
    return sa.JSON.NULL if found is None else found


def _array(type_: sa.ARRAY[Any], dialect: SQLAlchemyDialect) -> Codec:
    item = codec_of(type_.item_type, dialect, casts=True)
    if item.is_cast:
        return _CAST
    return Codec("list", partial(_nested, item.encode), partial(_listed, item.decode), is_structured=True)


def _nested(convert: Convert, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_nested(convert, item) for item in value]
    return _unless_none(convert, value)


def _listed(convert: Convert, value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError
    return _nested(convert, value)


def _time(type_: sa.Time, dialect: SQLAlchemyDialect) -> Codec:
    """A time of day; where the database has others too, SQLAlchemy would give 11:30 for -12:30."""
    if not dialect_named(dialect.name).times_are_spans:
        return Codec("time", scalars.encode, scalars.decode_time)
    return Codec("time", scalars.clock_text, scalars.decode_clock, stored=sa.types.NullType())


def _unknown_value(value: Any) -> Any:
    return scalars.encode(value.tolist() if hasattr(value, "tolist") else value)


_BYTES = Codec("base64 text", scalars.encode, scalars.decode_bytes, may_be_empty=True)
_TEXT = Codec("text", as_it_is, scalars.decode_text, may_be_empty=True)
_INTEGER = Codec("whole number", as_it_is, scalars.decode_integer)
_FLOAT = Codec("number", scalars.encode, scalars.decode_float)
_DECIMAL = Codec("number", scalars.encode, scalars.decode_decimal)
_DATETIME = Codec("date and time", scalars.encode, scalars.decode_datetime)
_LOCAL_DATETIME = Codec("date and time", scalars.encode, scalars.decode_local_datetime)
_DURATION = Codec("time span", scalars.encode, scalars.decode_duration)
_UUID = Codec("UUID", scalars.encode, scalars.decode_uuid)
_CAST = Codec("text", scalars.encode, scalars.decode_text, is_cast=True, may_be_empty=True)
_UNKNOWN = Codec("value", _unknown_value, lambda value: value, may_be_empty=True)

_Make = Callable[[Any, SQLAlchemyDialect], Codec]
_KINDS: tuple[tuple[type[Any], _Make], ...] = (
    (sa.Enum, _enum),
    (sa.JSON, _json),
    (sa.ARRAY, _array),
    (sa.Boolean, lambda type_, dialect: Codec("boolean", as_it_is, scalars.decode_boolean)),
    (sa.Uuid, lambda type_, dialect: _UUID if type_.as_uuid else _TEXT),
    (sa.DateTime, lambda type_, dialect: _DATETIME if type_.timezone else _LOCAL_DATETIME),
    (sa.Integer, lambda type_, dialect: _INTEGER),
    (sa.Date, lambda type_, dialect: Codec("date", scalars.encode, scalars.decode_date)),
    (sa.Time, _time),
    (sa.String, lambda type_, dialect: _TEXT),
)
_BY_PYTHON_TYPE: dict[type | None, Codec] = {
    bytes: _BYTES,
    timedelta: _DURATION,
    float: _FLOAT,
    Decimal: _DECIMAL,
}
