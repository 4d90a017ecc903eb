"""An order in which renames can run: a name must be free before something gets it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace

from alembic_manage.autodetect.candidates import Path
from alembic_manage.errors import UsageError


def in_runnable_order(
    renames: Mapping[Path, Path],
    taken: Mapping[str, Path],
    place: Callable[[Path], Hashable] = str,
    dropped: Collection[str] = (),
) -> Iterator[tuple[Path, Path]]:
    """Pairs of an old and a new path; a circle is opened with a name for the moment.

    Args:
        renames: what is to be called how.
        taken: what there is, by its path in text.
        place: what only one of them can have: the path, or the schema and the name where names span tables.
        dropped: what goes, by its path in text: it makes room under a name of its own, until it is dropped.

    Raises:
        UsageError: a new name belongs to something that keeps it.
    """
    waiting = dict(renames)
    leaving, there = {place(old) for old in renames}, {place(each): each for each in taken.values()}
    used = {*there, *map(place, renames.values())}
    for old, new in renames.items():
        if place(new) in there.keys() - leaving:
            holder = there[place(new)]
            if str(holder) not in dropped:
                raise UsageError(
                    f"{old} cannot be renamed to {new}: that is there already, and keeps its name.",
                    hint=f"python manage.py makemigrations with --no-rename {holder}, if it goes with its data; "
                    f"with --no-rename {old}, if it stays",
                )
            waiting[holder] = _free(holder, used, place)
    while waiting:
        held = {place(old) for old in waiting}
        ready = next((old for old, new in waiting.items() if place(new) not in held - {place(old)}), None)
        if ready is not None:
            yield ready, waiting.pop(ready)
            continue
        old, new = next(iter(waiting.items()))
        between = _free(old, used, place)
        del waiting[old]
        yield old, between
        waiting[between] = new


def _free(path: Path, used: Collection[Hashable], place: Callable[[Path], Hashable]) -> Path:
    """A path that nothing has, for what has to make room."""
    number = 1
    while True:
        stem = f"{path.name or path.table}_{number}"
        found = replace(path, name=stem) if path.name else replace(path, table=stem)
        if place(found) not in used:
            return found
        number += 1
