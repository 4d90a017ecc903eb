"""Ids for new revisions: a number and a slug made from the changes, short enough for the version table."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from alembic_manage.errors import CommandError
from alembic_manage.history import History
from alembic_manage.outline.change import Change

# alembic_version.version_num is VARCHAR(32). Source: Alembic 1.20, DefaultImpl.version_table_impl.
ID_LENGTH = 32
_NUMBERED = re.compile(r"(\d{4,})_")
_MORE = "_and_more"


def make_id(history: History, slug: str, *, given: bool = False) -> str:
    """The id of the next revision: "0002_order_shipped_at".

    Args:
        history: gives the number, one above the highest.
        slug: the part after the number.
        given: whether a person chose the slug, so that it is refused where a made one would be cut.

    Raises:
        CommandError: a given slug is no slug, or too long.
    """
    numbers = [int(match[1]) for revision in history if (match := _NUMBERED.match(revision.id))]
    prefix = f"{max(numbers, default=len(history)) + 1:04d}_"
    room = ID_LENGTH - len(prefix)
    if given:
        require_slug(slug, room)
    return prefix + _cut(slug, room)


def make_hash() -> str:
    """A random id, as Alembic makes them: twelve hexadecimal digits."""
    return uuid.uuid4().hex[-12:]


def slug_for(changes: Sequence[Change], *, initial: bool) -> str:
    """A readable slug for the changes; "initial" for the first revision.

    Indexes and constraints count only where no table and no column changes.
    """
    if initial:
        return "initial"
    fragments = [text for text in dict.fromkeys(_clean(text) for text in _fragments(changes)) if text]
    if not fragments:
        return "auto_" + datetime.datetime.now().strftime("%Y%m%d_%H%M")
    slug = fragments[0]
    limit = ID_LENGTH - len("0000_")
    for position, fragment in enumerate(fragments[1:], start=2):
        longer = f"{slug}_{fragment}"
        left_over = position < len(fragments)
        if len(longer) + (len(_MORE) if left_over else 0) > limit:
            return _cut(slug, limit - len(_MORE)) + _MORE
        slug = longer
    return _cut(slug, limit)


def merge_slug(ids: Iterable[str]) -> str:
    """The slug of a merge revision: the merged slugs, or the time where they do not fit."""
    slug = "merge_" + "_".join(_clean(_NUMBERED.sub("", id)) for id in ids)
    return slug if len(slug) <= ID_LENGTH - len("0000_") else "merge_" + datetime.datetime.now().strftime("%Y%m%d_%H%M")


def require_slug(slug: str, room: int = ID_LENGTH - len("0000_")) -> None:
    """Raise, unless `slug` can be the part after the number.

    Args:
        slug: as a person gave it.
        room: how many characters it may have.

    Raises:
        CommandError: it has another character than letters, digits and underscores, none at all, or too many.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", slug):
        raise CommandError(
            f"The name '{slug}' is no slug: only letters, digits and underscores.",
            hint=f"python manage.py makemigrations --name {_clean(slug) or 'add_shipped_at'}",
        )
    if len(slug) > room:
        raise CommandError(
            f"The name '{slug}' is too long: an id has at most {ID_LENGTH} characters, {room} of them for the name.",
            hint=f"python manage.py makemigrations --name {slug[:room].rstrip('_')}",
        )


def _fragments(changes: Sequence[Change]) -> list[str]:
    major = [change for change in changes if change.kind in _MAJOR]
    if major:
        return [_FRAGMENTS[change.kind](change) for change in major]
    removed, added = ({change.name for change in changes if change.symbol == symbol} for symbol in "-+")
    # What goes and comes again under its name is something else, or stood in the way of something else.
    again = [change.name for change in changes if change.name and change.name in removed & added]
    others = [change for change in changes if change.name not in again]
    return [_FRAGMENTS.get(change.kind, _other)(change) for change in others] or [f"alter_{name}" for name in again]


_MAJOR = {
    *("create_table", "drop_table", "rename_table", "move_table", "add_column", "drop_column", "alter_column"),
    *("add_enum_value", "rename_enum_value", "change_enum"),
}
_FRAGMENTS: Mapping[str, Callable[[Change], str]] = {
    "create_table": lambda change: change.name,
    "drop_table": lambda change: f"remove_{change.name}",
    "rename_table": lambda change: f"rename_{change.name}_to_{change.new_name}",
    "move_table": lambda change: f"move_{change.table}",
    "add_enum_value": lambda change: f"{change.table}_{change.name}",
    "rename_enum_value": lambda change: f"rename_{change.table}_{change.name}_to_{change.new_name}",
    "change_enum": lambda change: f"alter_{change.name}",
    "add_column": lambda change: f"{change.table}_{change.name}",
    "drop_column": lambda change: f"remove_{change.table}_{change.name}",
    "alter_column": lambda change: (
        f"rename_{change.table}_{change.name}_to_{change.new_name}"
        if change.new_name
        else f"alter_{change.table}_{change.name}"
    ),
}


def _other(change: Change) -> str:
    return f"remove_{change.name}" if change.symbol == "-" else change.name or change.kind


def _clean(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def message_of(slug: str) -> str:
    """The first line of the docstring: "order_shipped_at" gives "order shipped at"."""
    return slug.replace("_", " ")


def _cut(slug: str, length: int) -> str:
    """At most `length` characters, at the end of a word where that leaves more than half."""
    if len(slug) <= length:
        return slug
    cut = slug[:length]
    at_word = cut.rpartition("_")[0] if slug[length] != "_" else cut
    return at_word if len(at_word) > length // 2 else cut.rstrip("_")


def message_for(id: str) -> str:
    """The first line of the docstring: "0002_order_shipped_at" gives "order shipped at"."""
    return message_of(_NUMBERED.sub("", id))
