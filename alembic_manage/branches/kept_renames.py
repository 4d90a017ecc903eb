"""The renames of a revision that is written anew, and what it took for two things: they are answers already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of
from alembic_manage.questions import Given


def renames_in(path: Path) -> Mapping[str, str]:
    """What a revision's upgrade() renames, as --rename would say it: the first name of each thing, and its last one.

    Columns and tables, also in SQL, and the values of named types. Indexes and constraints are left out: renaming them
    loses nothing, so nobody is asked.
    """
    gone = _gone_in(path)
    return {old: new for old, new in _names_in(path).items() if new not in gone}


def dropped_in(path: Path) -> frozenset[str]:
    """What a revision's upgrade() renames only to make room, and drops then, as --no-rename would say it."""
    gone = _gone_in(path)
    return frozenset(old for old, new in _names_in(path).items() if new in gone)


def _names_in(path: Path) -> Mapping[str, str]:
    """The last name by the first one, of all that gets another name."""
    first: dict[str, str] = {}
    for change in outline_of(path, "upgrade"):
        for old, new in _renames(change):
            first[new] = first.pop(old, old)
    return {old: new for new, old in first.items() if old != new}


def _gone_in(path: Path) -> frozenset[str]:
    return frozenset(_path(each) for each in outline_of(path, "upgrade") if each.kind in ("drop_column", "drop_table"))


def apart_in(path: Path) -> frozenset[tuple[str, str]]:
    """What a revision's upgrade() drops, with each thing of its kind that it makes beside it: they are no renames."""
    changes = list(outline_of(path, "upgrade"))
    return frozenset(
        (_path(gone), _path(new))
        for gone in changes
        for new in changes
        if (gone.kind, new.kind) in _APART
        and (gone.kind == "drop_table" or (gone.schema, gone.table) == (new.schema, new.table))
    )


def with_kept_renames(
    given: Given,
    kept: Mapping[str, str],
    apart: frozenset[tuple[str, str]] = frozenset(),
    dropped: frozenset[str] = frozenset(),
) -> Given:
    """The answers of the command line, and those of the revision where they do not contradict.

    What the revision renamed and the command line renames again is one rename from the first name to the last.

    Args:
        given: those of the command line.
        kept: what the revision renames.
        apart: what it took for two things.
        dropped: what it drops, and gives the name of to something else.
    """
    renames = dict(kept)
    used = set(kept)
    first = {new: old for old, new in kept.items()}
    for old, new in given.renames.items():
        begun = first.get(old)
        if begun is not None and old not in kept:
            renames[begun] = new
        else:
            renames[old] = new
            used.discard(old)
    renames = {old: new for old, new in renames.items() if old not in given.not_renamed}
    not_renamed = given.not_renamed | (dropped - renames.keys())
    used |= not_renamed - given.not_renamed
    return replace(given, renames=renames, not_renamed=not_renamed, apart=apart, used=used)


def _path(change: Change) -> str:
    """As --rename would say it."""
    names = (change.schema, change.table, change.name if change.name != change.table else "")
    return ".".join(name for name in names if name)


def _renames(change: Change) -> Iterator[tuple[str, str]]:
    """The old and the new path of what a change renames."""
    if change.kind not in _NAMED or not change.new_name:
        return
    schema = f"{change.schema}." if change.schema else ""
    if change.kind == "rename_table":
        yield f"{schema}{change.table}", f"{schema}{change.new_name}"
    elif change.kind == "move_table":
        if "SET SCHEMA" in change.statement.upper():
            yield f"{schema}{change.table}", f"{change.new_name}.{change.table}"
    else:
        path = f"{schema}{change.table}."
        yield path + change.name, path + change.new_name


_APART = (("drop_column", "add_column"), ("drop_table", "create_table"))
_NAMED = ("rename_table", "move_table", "alter_column", "rename_enum_value")
