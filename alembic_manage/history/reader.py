"""Reads the history that lies in folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic_manage.errors import BrokenRevisionError
from alembic_manage.history.history import History
from alembic_manage.history.revision import Problem, Revision
from alembic_manage.history.revision_file import read_revision
from alembic_manage.location import display_path

# Alembic's own rule for which files of a versions folder are revisions.
# Source: Alembic 1.20, alembic/script/base.py.
_REVISION_FILE = re.compile(r"(?!\.\#|__init__).*\.py$")


def read_history(folders: Sequence[Path], *, recursive: bool = False) -> History:
    """The history in the version folders; what is wrong with files is in its `problems`.

    Args:
        folders: absolute paths; a missing one is a problem.
        recursive: whether folders below them count.
    """
    problems: list[Problem] = []
    revisions: dict[str, Revision] = {}
    for path in _revision_files(folders, recursive, problems):
        try:
            revision = read_revision(path)
        except BrokenRevisionError as error:
            problems.append(Problem("unreadable", str(error), error.hint or ""))
            continue
        other = revisions.setdefault(revision.id, revision)
        if other is not revision:
            problems.append(
                Problem(
                    "duplicate",
                    f"{display_path(other.path)} and {display_path(path)} have the same revision id '{revision.id}'.",
                    f"delete one of them, or give it another id: {display_path(path)}",
                )
            )
    return History(revisions.values(), problems)


def _revision_files(folders: Sequence[Path], recursive: bool, problems: list[Problem]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                Problem("folder", f"There is no folder {display_path(folder)}.", f"mkdir -p {display_path(folder)}")
            )
            continue
        for path in sorted(folder.rglob("*.py") if recursive else folder.iterdir()):
            if _REVISION_FILE.fullmatch(path.name) and path.is_file() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path
