"""Which change of a column's type PostgreSQL makes without copying the table.

Source: PostgreSQL 16 manual, "ALTER TABLE", Notes: no rewrite where the new type is binary coercible from the old one;
release notes of 9.2 (varchar, numeric, varbit, timestamp, time and interval that become wider) and 12 (zones, in UTC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_TEXT = re.compile(r"^(?P<name>[A-Z_ ]+?)\s*(?:\((?P<numbers>[\d, -]+)\))?(?P<zone> WITH(?:OUT)? TIME ZONE)?$")
_COLLATE = re.compile(r'\s+COLLATE\s+(?P<name>[\w.\-"]+)$', re.IGNORECASE)
_COERCIBLE = {
    ("VARCHAR", "TEXT"),
    ("TEXT", "VARCHAR"),
    ("CIDR", "INET"),
    ("XML", "TEXT"),
    ("XML", "VARCHAR"),
}
"""From and to; the second without a length."""
_SORTED_OTHERWISE = {
    ("CITEXT", "TEXT"),
    ("CITEXT", "VARCHAR"),
    ("TEXT", "CITEXT"),
    ("VARCHAR", "CITEXT"),
    ("BIT", "VARBIT"),
}
"""The same: no row changes, but the indexes are built again."""
_LENGTHS = ("VARCHAR", "VARBIT")
_FRACTIONS = ("TIMESTAMP", "TIME", "INTERVAL")
_MICROSECONDS = 6
_ALIASES = {
    "CHARACTER VARYING": "VARCHAR",
    "BIT VARYING": "VARBIT",
    "DECIMAL": "NUMERIC",
    "CHARACTER": "CHAR",
    "INT": "INTEGER",
    "FLOAT": "DOUBLE PRECISION",
    "BOOL": "BOOLEAN",
}


@dataclass(frozen=True)
class TypeText:
    """The text of a type, taken apart."""

    name: str
    numbers: tuple[int, ...]
    has_zone: bool
    collation: str | None


@dataclass(frozen=True)
class TypeChange:
    """What a change of a type costs."""

    copies: bool
    """Whether every row is written anew."""
    in_utc: bool = False
    """Whether it copies only where the session's time zone is not UTC."""
    builds_indexes: bool = False
    """Whether the indexes of the column are built again."""


FREE = TypeChange(False)
COPY = TypeChange(True)


def type_change(old: str, new: str, server_version: tuple[int, ...]) -> TypeChange:
    """What it costs to give a column another type, without USING.

    Args:
        old: the type as DDL has it.
        new: the same.
        server_version: the version of PostgreSQL.
    """
    if old.upper() == new.upper():
        return FREE
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return COPY
    found = _change(before, after, server_version)
    return replace(found, builds_indexes=True) if before.collation != after.collation and not found.copies else found


def _change(old: TypeText, new: TypeText, server_version: tuple[int, ...]) -> TypeChange:
    if old.name == new.name and old.has_zone == new.has_zone:
        return FREE if _is_wider(old, new) else COPY
    if new.numbers:
        return COPY
    pair = (old.name, new.name)
    if pair in _COERCIBLE:
        return FREE
    if pair in _SORTED_OTHERWISE:
        return TypeChange(False, builds_indexes=True)
    if pair == ("TIMESTAMP", "TIMESTAMP") and server_version >= (12,):
        return TypeChange(True, in_utc=True, builds_indexes=True)
    return COPY


def _read(text: str) -> TypeText | None:
    collate = _COLLATE.search(text)
    found = _TEXT.match(_COLLATE.sub("", text).strip().upper())
    if found is None:
        return None
    numbers = tuple(int(part) for part in (found["numbers"] or "").split(",") if part.strip())
    name, has_zone = found["name"].strip(), found["zone"] == " WITH TIME ZONE"
    if name in ("TIMESTAMPTZ", "TIMETZ"):
        name, has_zone = name[:-2], True
    return TypeText(_ALIASES.get(name, name), numbers, has_zone, collate["name"] if collate else None)


def _is_wider(old: TypeText, new: TypeText) -> bool:
    """Whether every value of a type fits another of the same name as it is stored."""
    if old.numbers == new.numbers:
        return True
    if old.name in _FRACTIONS:
        return _fraction(new) >= _fraction(old)
    if not new.numbers:
        return old.name in (*_LENGTHS, "NUMERIC")
    if not old.numbers:
        return False
    if old.name in _LENGTHS:
        return new.numbers[0] >= old.numbers[0]
    if old.name == "NUMERIC":
        return new.numbers[0] >= old.numbers[0] and _scale(new) == _scale(old)
    return False


def _fraction(type_: TypeText) -> int:
    return type_.numbers[0] if type_.numbers else _MICROSECONDS


def _scale(type_: TypeText) -> int:
    return type_.numbers[1] if len(type_.numbers) > 1 else 0
