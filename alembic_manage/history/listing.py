"""Which files of the version folders are revisions, and a mark of each that changes when its content may have."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from pathlib import Path

from alembic_manage.history.revision import Problem
from alembic_manage.location import display_path

# Alembic's own rule for which files of a versions folder are revisions.
# Source: Alembic 1.20, alembic/script/base.py.
_BEGINNINGS = (".#", "__init__")
_ENDING = ".py"

_MARK = attrgetter("st_ctime_ns", "st_mtime_ns", "st_size", "st_ino", "st_dev")
MARK_SIZE = 5
"""How many numbers a mark has."""
CHANGED = 0
"""Which of them is the time of the last change: of the content, the name, or the times themselves."""


@dataclass(frozen=True)
class Listing:
    """Revision files in the order in which they count."""

    entries: tuple[os.DirEntry[str], ...]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def paths(self) -> list[str]:
        """Where they are."""
        return [entry.path for entry in self.entries]

    @cached_property
    def marks(self) -> array[int] | None:
        """MARK_SIZE numbers a file; None where they cannot be told, or would tell nothing.

        On Windows the time of the last change is not to be had, and the other numbers may stay what they are.
        Source: Python 3.11 manual, os.stat_result.st_ctime.
        """
        if os.name == "nt":
            return None
        try:
            # No loop of Python's own: this is done for every file, by every command.
            return array("q", chain.from_iterable(map(_MARK, map(os.DirEntry.stat, self.entries))))
        except (OSError, OverflowError):
            return None


def list_revisions(folders: Sequence[Path], *, recursive: bool = False) -> Listing:
    """The revision files in `folders`, by folder and then by name; a file that is in two of them counts once.

    Args:
        folders: absolute paths; a missing one is a problem.
        recursive: whether folders below them count.
    """
    problems: list[Problem] = []
    found: list[os.DirEntry[str]] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                Problem("folder", f"There is no folder {display_path(folder)}.", f"mkdir -p {display_path(folder)}")
            )
            continue
        found += _sorted_files(str(folder), recursive)
    needs_resolving = len(folders) > 1 or any(entry.is_symlink() for entry in found)
    return Listing(tuple(_distinct(found) if needs_resolving else found), tuple(problems))


def _sorted_files(folder: str, recursive: bool) -> list[os.DirEntry[str]]:
    if recursive:
        return sorted(_below(folder), key=lambda entry: Path(entry.path).parts)
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if _is_revision(entry)]
    return sorted(found, key=attrgetter("name"))


def _is_revision(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    return name.endswith(_ENDING) and not name.startswith(_BEGINNINGS) and "\n" not in name and entry.is_file()


def _below(folder: str) -> Iterator[os.DirEntry[str]]:
    """The revision files in a folder and in those below it; links to folders are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)
            elif _is_revision(entry):
                yield entry


def _distinct(entries: Sequence[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    seen: set[str] = set()
    for entry in entries:
        real = os.path.realpath(entry.path)
        if real not in seen:
            seen.add(real)
            yield entry
