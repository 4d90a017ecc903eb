"""What becomes of the values when a column gets another type."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from alembic_manage.autodetect.steps.type_kind import TypeKind

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect


class Fate(Enum):
    """What becomes of values that do not fit."""

    FITS = "there are none"
    STOPS = "they stop the migration"
    STAYS = "they stay as they are, though they are no values of the type"
    LOSES = "they are cut or rounded"


@dataclass(frozen=True)
class Conversion:
    """The way from one type to another on one kind of database."""

    fate: Fate
    using: str | None = None
    """PostgreSQL's USING; None for the cast that the server knows by itself."""
    through_text: bool = False
    """Whether the column is a text meanwhile, as the server knows no cast from the one type to the other."""
    rewrite: tuple[str, str] | None = None
    """What values are set to before the type changes, and the condition of those that are."""
    later_rewrite: tuple[str, str] | None = None
    """The same after the type has changed."""
    misfit: str | None = None
    """The condition of values that do not fit; None where there is none in SQL."""
    misfit_shows_later: bool = False
    """Whether that condition is one for after the type has changed."""


def conversion(old: TypeKind, new: TypeKind, column: str, new_type: str, rules: Dialect) -> Conversion:
    """What it takes to convert the values.

    Args:
        old: the kind of the old type.
        new: the kind of the new type.
        column: the column in SQL.
        new_type: the new type in SQL.
        rules: of the database.
    """
    pair = (old.name, new.name)
    rewrite, later = rules.rewrites.get(pair), rules.later_rewrites.get(pair)
    misfit = _misfit(old, new, rules)
    return Conversion(
        fate=_fate(old, new, rules),
        using=_using(pair, column, new_type, rules),
        through_text=pair in rules.casts_through_text,
        rewrite=(rewrite[0].format(column=column), rewrite[1].format(column=column)) if rewrite else None,
        later_rewrite=(later[0].format(column=column), later[1].format(column=column)) if later else None,
        misfit=misfit.format(column=column) if misfit else None,
        misfit_shows_later=rules.keeps_misfits and pair not in _CUT,
    )


def _using(pair: tuple[str, str], column: str, new_type: str, rules: Dialect) -> str | None:
    old, new = pair
    if not rules.casts_are_written or pair in rules.automatic_casts or (old == new and old not in ("enum", "other")):
        return None
    through_text = "{column}::{type}" if old == "text" else "{column}::text::{type}"
    return rules.casts.get(pair, through_text).format(column=column, type=new_type)


# Fate

_CUT = {("timestamp", "date"), ("timestamptz", "date"), ("timestamp", "time"), ("timestamptz", "time")}
_NUMBERS = ("integer", "number", "float")
_POINTS = ("number", "float")


def _fate(old: TypeKind, new: TypeKind, rules: Dialect) -> Fate:
    pair = (old.name, new.name)
    if pair in _CUT:
        return Fate.LOSES
    if _fits(old, new):
        return Fate.FITS
    if rules.keeps_misfits:
        # Lengths and sizes are not looked at.
        return Fate.FITS if old.name == new.name or new.name == "text" else Fate.STAYS
    return Fate.LOSES if _loses(old, new, rules) else Fate.STOPS


def _fits(old: TypeKind, new: TypeKind) -> bool:
    """Whether each value of the old type is one of the new type, and stays the same."""
    if new.name == "text":
        return _fits_text(old, new)
    if old.name == new.name:
        return _fits_same(old, new)
    if (old.name, new.name) == ("integer", "number"):
        return new.precision is None or (old.width or 99) - 1 <= new.precision - new.scale
    if (old.name, new.name) == ("integer", "float"):
        return (old.size or 64) <= (new.size or 53)
    return (old.name, new.name) in _FITTING


_FITTING = {
    *(("boolean", name) for name in _NUMBERS),
    ("date", "timestamp"),
    ("date", "timestamptz"),
    ("timestamp", "timestamptz"),
    ("timestamptz", "timestamp"),
    ("time", "interval"),
}


def _fits_text(old: TypeKind, new: TypeKind) -> bool:
    if new.size is None:
        return old.name != "bytes"
    return old.width is not None and old.width <= new.size


def _fits_same(old: TypeKind, new: TypeKind) -> bool:
    if old.name == "integer":
        return new.bounds[0] <= old.bounds[0] and old.bounds[1] <= new.bounds[1]
    if old.name == "number":
        if new.precision is None or old.precision is None:
            return new.precision is None
        return new.scale >= old.scale and new.precision - new.scale >= old.precision - old.scale
    if old.name == "enum":
        return set(old.labels) <= set(new.labels)
    if old.name in ("float", "timestamp", "timestamptz", "time"):
        return (new.size or 0) >= (old.size or 0)
    return True


def _loses(old: TypeKind, new: TypeKind, rules: Dialect) -> bool:
    """Whether the server changes values that do not fit, instead of refusing them; tried out on the servers."""
    pair = (old.name, new.name)
    if old.name == new.name:
        cuts_digits = old.name == "number" and (old.precision is None or new.scale < old.scale)
        return cuts_digits or old.name in ("float", "timestamp", "timestamptz", "time")
    if old.name in _POINTS and new.name in _NUMBERS:
        return True
    if old.name == "text":
        return new.name in ("date", "time") or new.name == "number" or (new.name == "timestamp" and new.size != 6)
    if new.name == "boolean":
        return old.name in _POINTS or (old.name == "integer" and rules.casts_are_written)
    return pair in (("integer", "float"), ("interval", "time"), ("time", "date"), ("date", "time"))


# Misfits


def _misfit(old: TypeKind, new: TypeKind, rules: Dialect) -> str | None:
    """The condition of values that do not fit; never true of one that does."""
    known = rules.misfits.get((old.name, new.name))
    if known is not None:
        return known
    if new.name == "text" and new.size is not None and old.name in ("text", *_NUMBERS):
        text = "{column}" if old.name == "text" else rules.text_cast
        return f"{rules.text_length.replace('{column}', text)} > {new.size}"
    if old.name == "text" and new.name == "enum":
        return f"{{column}} NOT IN ({', '.join(map(rules.text_literal, new.labels))})"
    if old.name in _NUMBERS:
        return _misfit_of_number(old, new)
    return None


def _misfit_of_number(old: TypeKind, new: TypeKind) -> str | None:
    if new.name == "boolean":
        return "{column} NOT IN (0, 1)"
    if new.name == "integer":
        low, high = new.bounds
        is_whole = [] if old.name == "integer" else ["{column} <> floor({column})"]
        return " OR ".join([*is_whole, f"{{column}} NOT BETWEEN {low} AND {high}"])
    if new.name == "number" and new.precision is not None:
        cut = (
            [f"{{column}} <> round({{column}}, {new.scale})"] if old.name == "number" and new.scale < old.scale else []
        )
        return " OR ".join([*cut, f"abs({{column}}) >= 1{'0' * (new.precision - new.scale)}"])
    return None
