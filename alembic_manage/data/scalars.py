"""Single values in a fixture: what JSON can hold, made of Python's values, and back. Exact both ways."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
)
_CLOCK = re.compile(
    r"(?:(?P<days>[+-]?\d+)(?: days?,? ?| ))?(?P<sign>-?)(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d+)?)"
)
_TRUE = ("true", "t", "1", "yes")
_FALSE = ("false", "f", "0", "no")


def encode(value: Any) -> Any:
    """A value as JSON has it: bytes in base64, numbers that JSON has no word for and times as text.

    Raises:
        ValueError: there is no text for a value of this class.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return int(value)
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    raise ValueError(f"a {type(value).__name__} cannot be written to a fixture")


def _float(value: float) -> Any:
    return value if value - value == 0 else str(Decimal(value))


def duration_text(value: timedelta) -> str:
    """A time span in ISO 8601: P1DT2H3M4.5S; of a negative one the whole is negative."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return f"{sign}P{value.days}DT{minutes // 60:02d}H{minutes % 60:02d}M{seconds:02d}{fraction}S"


_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (float, _float),
    (Decimal, str),
    ((datetime, date, time), lambda value: value.isoformat()),
    (timedelta, duration_text),
    (uuid.UUID, str),
    ((bytes, bytearray, memoryview), lambda value: base64.b64encode(bytes(value)).decode("ascii")),
    ((set, frozenset), lambda value: sorted(map(encode, value))),
    ((list, tuple), lambda value: [encode(item) for item in value]),
    (dict, lambda value: {str(key): encode(item) for key, item in value.items()}),
)


def decode_integer(value: Any) -> int:
    """A whole number, also from text."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return int(value)
    raise ValueError


def decode_boolean(value: Any) -> bool:
    """True or false, also from 0, 1 and Django's texts for them."""
    text = str(value).lower()
    if text in (*_TRUE, *_FALSE):
        return text in _TRUE
    raise ValueError


def decode_float(value: Any) -> float:
    """A float; "NaN", "Infinity" and "-Infinity" are some."""
    if isinstance(value, bool):
        raise ValueError
    return float(value)


def decode_decimal(value: Any) -> Decimal:
    """A decimal number; text keeps all digits."""
    if isinstance(value, bool):
        raise ValueError
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError from None


def decode_text(value: Any) -> str:
    """A text; a number is one too, as YAML has no quotes around it."""
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return str(value)
    raise ValueError


def decode_bytes(value: Any) -> bytes:
    """Bytes from base64."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError):
        raise ValueError from None


def decode_datetime(value: Any) -> datetime:
    """A date with a time, by ISO 8601; one without a time is midnight."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))


def decode_local_datetime(value: Any) -> datetime:
    """A date with a time, for a column without time zones.

    Raises:
        ValueError: it has a zone, which would be lost.
    """
    moment = decode_datetime(value)
    if moment.tzinfo is not None:
        raise ValueError("has a time zone, the column has none")
    return moment


def decode_date(value: Any) -> date:
    """A date by ISO 8601."""
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


def decode_time(value: Any) -> time:
    """A time of day by ISO 8601."""
    return value if isinstance(value, time) else time.fromisoformat(_text(value))


def clock_text(value: time | timedelta) -> str:
    """A time of day by ISO 8601; a span that is none, which MariaDB has in such columns too, as -12:30:00."""
    if isinstance(value, timedelta) and timedelta(0) <= value < timedelta(days=1):
        value = (datetime.min + value).time()
    if isinstance(value, time):
        return value.isoformat()
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return f"{sign}{value.days * 24 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{fraction}"


def decode_clock(value: Any) -> time | str:
    """What `clock_text` wrote; a span as text, for not every driver writes a negative one right."""
    try:
        return decode_time(value)
    except ValueError:
        return clock_text(decode_duration(value))


def decode_uuid(value: Any) -> uuid.UUID:
    """A UUID in any of its spellings."""
    return uuid.UUID(_text(value))


def decode_duration(value: Any) -> timedelta:
    """A time span: ISO 8601, "3 04:05:06", or a number of seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    found = _DURATION.fullmatch(_text(value)) or _CLOCK.fullmatch(_text(value))
    if found is None:
        raise ValueError
    days, sign = int(found["days"] or 0), -1 if found["sign"] == "-" else 1
    seconds = Decimal(found["seconds"] or 0)
    clock = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0), seconds=int(seconds))
    clock += timedelta(microseconds=int(seconds % 1 * 1_000_000))
    return sign * (timedelta(days=days) + clock) if found.re is _DURATION else timedelta(days=days) + sign * clock


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError
