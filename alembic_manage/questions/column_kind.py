"""What kind of values a column takes, told from its type as SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Types of one kind take the same literals."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    JSON = "json"
    UUID = "uuid"
    BYTES = "bytes"
    OTHER = "other"
    """Types of the user's own, arrays, ranges, intervals: the database reads their values from text."""


@dataclass(frozen=True)
class ColumnKind:
    """A type, as far as a value is concerned."""

    kind: Kind
    arguments: tuple[int, ...] = ()
    """What stands in parentheses: the length of a text, precision and scale of a number."""
    labels: tuple[str, ...] = ()
    """The values of an enum that is written out."""
    bits: int | None = None
    """The size of an integer."""
    is_unsigned: bool = False


def kind_of(type_text: str) -> ColumnKind:
    """The kind of a type, from its SQL: "VARCHAR(20)", "TIMESTAMP WITH TIME ZONE", "mood"."""
    upper = type_text.strip().upper()
    if upper.endswith("]") or re.search(r"\bARRAY\b", upper):
        return ColumnKind(Kind.OTHER)
    if re.match(r"TINYINT\s*\(\s*1\s*\)", upper):
        return ColumnKind(Kind.BOOLEAN)
    for kind, pattern in _KINDS:
        if re.fullmatch(rf"(?:{pattern})\b.*", upper, flags=re.DOTALL):
            return ColumnKind(
                kind, _arguments(upper), _labels(type_text) if upper.startswith("ENUM") else (), *_size(upper)
            )
    return ColumnKind(Kind.OTHER)


_KINDS: Sequence[tuple[Kind, str]] = (
    (Kind.BOOLEAN, "BOOL|BOOLEAN"),
    (Kind.INTEGER, r"(?:TINY|SMALL|MEDIUM|BIG)?INT|INTEGER|INT[1-8]|(?:SMALL|BIG)?SERIAL|YEAR"),
    (Kind.NUMBER, r"NUMERIC|DECIMAL|DEC|NUMBER|FLOAT[48]?|REAL|DOUBLE"),
    (Kind.JSON, "JSONB?"),
    (Kind.UUID, "UUID"),
    (Kind.TIMESTAMP, "TIMESTAMP|TIMESTAMPTZ|DATETIME"),
    (Kind.DATE, "DATE"),
    (Kind.TIME, "TIME|TIMETZ"),
    (Kind.BYTES, r"(?:TINY|MEDIUM|LONG)?BLOB|BYTEA|(?:VAR)?BINARY"),
    (
        Kind.TEXT,
        r"(?:TINY|MEDIUM|LONG)?TEXT|CLOB|CITEXT|N?(?:VAR)?CHAR|NVARCHAR|VARCHAR2|CHARACTER|STRING|BPCHAR|ENUM",
    ),
)
# Source: PostgreSQL 18 manual, "Numeric Types"; MariaDB documentation, "Numeric Data Type Overview".
_BITS = {"TINYINT": 8, "SMALLINT": 16, "MEDIUMINT": 24, "INT": 32, "INTEGER": 32, "BIGINT": 64}
_BITS |= {"INT2": 16, "INT4": 32, "INT8": 64, "SMALLSERIAL": 16, "SERIAL": 32, "BIGSERIAL": 64}


def _arguments(upper: str) -> tuple[int, ...]:
    match = re.match(r"[A-Z\d ]+?\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)", upper)
    return tuple(int(number) for number in match.groups() if number) if match else ()


def _labels(type_text: str) -> tuple[str, ...]:
    return tuple(label.replace("''", "'") for label in re.findall(r"'((?:[^']|'')*)'", type_text))


def _size(upper: str) -> tuple[int | None, bool]:
    word = re.match(r"[A-Z\d]+", upper)
    return _BITS.get(word[0]) if word else None, "UNSIGNED" in upper
