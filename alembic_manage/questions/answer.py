"""What can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Renamed:
    """It has a new name now."""

    to: str
    """The path of what it has become: "orders.placed_at"."""


@dataclass(frozen=True)
class Dropped:
    """It was not renamed: it goes, with its data."""


@dataclass(frozen=True)
class Value:
    """Rows that are there already get this."""

    sql: str
    """A literal, a call of a known function, or NULL, as SQL of the database."""


@dataclass(frozen=True)
class Proceed:
    """Do it as it is: rows that do not fit stop the migration, or are converted, as the question says."""


@dataclass(frozen=True)
class Later:
    """Leave this part out of the revision; the next makemigrations asks again."""


Answer: TypeAlias = Renamed | Dropped | Value | Proceed | Later
