"""Character sets of columns, and which change of them MariaDB makes without copying the table.

Measured on MariaDB 10.11 with ALGORITHM and LOCK (tests/databases/test_alter_ways.py).
"""

from __future__ import annotations

from typing import Any

from alembic_manage.state.schema import Table

THREE_BYTES = frozenset(("utf8", "utf8mb3"))
"""utf8 is utf8mb3, unless old_mode says otherwise. Source: MariaDB documentation, "Unicode"."""
_LENGTH_IN_ONE_BYTE = 255


def charset_of(type_: Any, table: Table) -> str | None:
    """The character set of a column; None where neither it nor its table says one, or where it has no text."""
    if not holds_text(type_):
        return None
    return own_charset(type_) or charset_of_table(table)


def own_charset(type_: Any) -> str | None:
    """The character set that a type names, also by its collation; None where it names none."""
    return _said(getattr(type_, "charset", None), getattr(type_, "collation", None))


def charset_of_table(table: Table) -> str | None:
    """What a table says that its columns have; None where that is the database's choice."""
    values = {name.partition("_")[2]: str(value) for name, value in table.options.items()}
    return _said(values.get("default_charset"), values.get("collate"))


def bytes_of_character(charset: str | None) -> int:
    """How many bytes a character has at most; where the character set is not known, as many as in the widest."""
    return _BYTES.get(charset or "", 4)


def holds_text(type_: Any) -> bool:
    """Whether a type has a character set: text, but no bytes."""
    return type_.__visit_name__.upper() in _TEXTS


def keeps_rows(type_: Any, old: str | None, new: str | None) -> bool:
    """Whether a column's rows stay as they are when its character set changes.

    Args:
        type_: of the column.
        old: its character set; None where it is not known.
        new: the same, afterwards.
    """
    kind = type_.__visit_name__.upper()
    if kind in _LABELS:
        return False
    if old == new and old is not None:
        return True
    if old not in THREE_BYTES or new != "utf8mb4":
        return False
    if kind in _CHANGE_SIZE:
        return False
    length = getattr(type_, "length", None) or 0
    return (length * 3 > _LENGTH_IN_ONE_BYTE) == (length * 4 > _LENGTH_IN_ONE_BYTE)


def _said(charset: str | None, collation: str | None) -> str | None:
    found = charset or (collation.partition("_")[0] if collation else None)
    return found.lower() if found else None


_BYTES = {"latin1": 1, "ascii": 1, "binary": 1, **dict.fromkeys(THREE_BYTES, 3)}
_LABELS = ("ENUM", "SET")
_CHANGE_SIZE = ("TEXT", "UNICODE_TEXT", "TINYTEXT", "MEDIUMTEXT")
"""They become the next larger type."""
_TEXTS = ("STRING", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR", "UNICODE", "LONGTEXT", *_CHANGE_SIZE, *_LABELS)
