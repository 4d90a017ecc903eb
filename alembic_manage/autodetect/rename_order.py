"""An order in which renames can run: a name must be free before something gets it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace

from alembic_manage.autodetect.candidates import Path
from alembic_manage.errors import UsageError


def in_runnable_order(
    renames: Mapping[Path, Path], taken: Mapping[str, Path], place: Callable[[Path], Hashable] = str
) -> Iterator[tuple[Path, Path]]:
    """Pairs of an old and a new path; a circle is opened with a name for the moment.

    Args:
        renames: what is to be called how.
        taken: what there is, by its path in text.
        place: what only one of them can have: the path, or the schema and the name where names span tables.

    Raises:
        UsageError: a new name belongs to something that keeps it.
    """
    waiting = dict(renames)
    leaving, there = {place(old) for old in renames}, {place(each) for each in taken.values()}
    for old, new in renames.items():
        if place(new) in there - leaving:
            raise UsageError(
                f"{old} cannot be renamed to {new}: that is there already, and keeps its name.",
                hint=f"python manage.py makemigrations --no-rename {old}",
            )
    while waiting:
        held = {place(old) for old in waiting}
        ready = next((old for old, new in waiting.items() if place(new) not in held - {place(old)}), None)
        if ready is not None:
            yield ready, waiting.pop(ready)
            continue
        old, new = next(iter(waiting.items()))
        between = _free(old, {*there, *map(place, renames.values())}, place)
        del waiting[old]
        yield old, between
        waiting[between] = new


def _free(path: Path, taken: set[Hashable], place: Callable[[Path], Hashable]) -> Path:
    """A path that nothing has, for what has to make room."""
    number = 1
    while True:
        stem = f"{path.name or path.table}_{number}"
        found = replace(path, name=stem) if path.name else replace(path, table=stem)
        if place(found) not in taken:
            return found
        number += 1
