"""Which change of a column's type MariaDB makes in its catalog alone."""

from __future__ import annotations

from typing import Any

BYTES_OF_CHARACTER = 4
"""In utf8mb4, the widest character set."""
_ONE_BYTE = 255
"""Up to here a text has one byte for its length, and an enum one for its value."""
_ALWAYS_LONGER = 127
"""A text of up to so many bytes may get any length. Measured on MariaDB 10.11."""


def is_instant_type(
    old: Any, new: Any, old_width: int = BYTES_OF_CHARACTER, new_width: int = BYTES_OF_CHARACTER
) -> bool:
    """Whether only the catalog changes: a VARCHAR that gets longer, an ENUM that gets values at its end.

    Source: MariaDB documentation, "InnoDB Online DDL Operations with the INSTANT Alter Algorithm", "Changing the Data
    Type of a Column"; what it leaves open was measured on 10.11.

    Args:
        old: SQLAlchemy's type of the column.
        new: the same, afterwards.
        old_width: the bytes of a character.
        new_width: the same, afterwards.
    """
    labels = list(getattr(old, "enums", ()))
    if labels:
        more = list(getattr(new, "enums", ()))
        return more[: len(labels)] == labels and (len(labels) <= _ONE_BYTE) == (len(more) <= _ONE_BYTE)
    if not (_is_varchar(old) and _is_varchar(new)) or old.length is None or new.length is None:
        return False
    was, now = old.length * old_width, new.length * new_width
    return bool(old.length <= new.length and (was <= _ALWAYS_LONGER or was > _ONE_BYTE or now <= _ONE_BYTE))


def _is_varchar(type_: Any) -> bool:
    return type_.__visit_name__.upper() in ("STRING", "VARCHAR", "UNICODE", "NVARCHAR") and not getattr(
        type_, "enums", None
    )
