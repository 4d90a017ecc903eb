"""The number at the beginning of an id."""

from __future__ import annotations

import re

from alembic_manage.autodetect.naming import ID_LENGTH

# As makemigrations writes it, or alone; a longer one is no number but a date or a hash.
_NUMBER = re.compile(r"(\d{4,6})(?=_|$)")


def number_of(id: str) -> int:
    """The number that an id begins with; 0 where it has none."""
    found = _NUMBER.match(id)
    return int(found[1]) if found else 0


def with_number(id: str, number: int) -> str:
    """The id with another number, cut where it would be too long; one without a number stays as it is."""
    if not number_of(id):
        return id
    return _NUMBER.sub(f"{number:04d}", id, count=1)[:ID_LENGTH].rstrip("_")


def without_number(id: str) -> str:
    """The id without the number that it begins with, and the underscore after that."""
    return _NUMBER.sub("", id, count=1).removeprefix("_") if number_of(id) else id
