"""Which files of the version folders are revisions, and a mark of each that changes when its content may have."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path

from alembic_manage.history.revision import Problem
from alembic_manage.location import display_path

# Alembic's own rule for which files of a versions folder are revisions.
# Source: Alembic 1.20, alembic/script/base.py.
_BEGINNINGS = (".#", "__init__")
_ENDING = ".py"

_MARK = attrgetter("st_ctime_ns", "st_size", "st_ino")
MARK_SIZE = 3
"""How many numbers a mark has."""
CHANGED = 0
"""Which of them is the time of the last change: of the content, the name, or the times themselves."""
# On Windows the time of the last change is not to be had, and the other numbers may stay what they are.
# Source: Python 3.11 manual, os.stat_result.st_ctime.
_HAS_MARKS = os.name != "nt"


@dataclass(frozen=True)
class Listing:
    """Revision files in the order in which they count."""

    paths: tuple[str, ...]
    marks: array[int] | None
    """MARK_SIZE numbers a file; None where they cannot be told, or would tell nothing."""
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.paths)

    def mark(self, index: int) -> bytes | None:
        """That of one file; None where there are none."""
        return None if self.marks is None else self.marks[index * MARK_SIZE : (index + 1) * MARK_SIZE].tobytes()


def list_revisions(folders: Sequence[Path], *, recursive: bool = False) -> Listing:
    """The revision files in `folders`, by folder and then by name; a file that is in two of them counts once.

    Args:
        folders: absolute paths; a missing one is a problem.
        recursive: whether folders below them count.
    """
    problems = [_missing(folder) for folder in folders if not folder.is_dir()]
    found = [_listed(str(folder), recursive) for folder in folders if folder.is_dir()]
    paths = [path for each in found for path in each.paths]
    marks = array("q")
    for each in found:
        marks += each.marks or array("q")
    if len(found) > 1 or any(each.has_links for each in found):
        paths, marks = _distinct(paths, marks)
    is_marked = len(marks) == len(paths) * MARK_SIZE
    return Listing(tuple(paths), marks if is_marked else None, tuple(problems))


@dataclass(frozen=True)
class _Folder:
    paths: Sequence[str]
    marks: array[int] | None
    has_links: bool


def _listed(folder: str, recursive: bool) -> _Folder:
    if recursive:
        entries = sorted(_below(folder), key=lambda entry: Path(entry.path).parts)
        return _Folder([entry.path for entry in entries], _marks(entries), True)
    # By its number the system finds the folder once, and not once a file.
    opened = os.open(folder, os.O_RDONLY) if os.scandir in os.supports_fd else None
    try:
        with os.scandir(folder if opened is None else opened) as found:
            entries = sorted(filter(_is_revision, found), key=attrgetter("name"))
        has_links = any(map(os.DirEntry.is_symlink, entries))
        prefix = folder + ("" if folder.endswith(os.sep) else os.sep)
        return _Folder([prefix + entry.name for entry in entries], _marks(entries), has_links)
    finally:
        if opened is not None:
            os.close(opened)


def _is_revision(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if not name.endswith(_ENDING) or name.startswith(_BEGINNINGS) or "\n" in name:
        return False
    try:
        return entry.is_file()
    except OSError:
        return False  # links in a circle


def _below(folder: str) -> Iterator[os.DirEntry[str]]:
    """The revision files in a folder and in those below it; links to folders are not followed."""
    with suppress(PermissionError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)
            elif _is_revision(entry):
                yield entry


def _marks(entries: Sequence[os.DirEntry[str]]) -> array[int] | None:
    if not _HAS_MARKS:
        return None
    try:
        # No loop of Python's own: this is done for every file, by every command.
        return array("q", chain.from_iterable(map(_MARK, map(os.DirEntry.stat, entries))))
    except (OSError, OverflowError):
        return None


def _distinct(paths: Sequence[str], marks: array[int]) -> tuple[list[str], array[int]]:
    """Each file once, whatever links lead to it."""
    seen: set[str] = set()
    kept: list[str] = []
    kept_marks = array("q")
    for index, path in enumerate(paths):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            kept.append(path)
            kept_marks += marks[index * MARK_SIZE : (index + 1) * MARK_SIZE]
    return kept, kept_marks


def _missing(folder: Path) -> Problem:
    shown = display_path(folder)
    return Problem("folder", f"There is no folder {shown}.", f"mkdir -p {shown}")
