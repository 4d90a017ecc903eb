"""Writes many files: all of them, or none; and never over one that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from alembic_manage.scaffold.template import File


def in_the_way(root: Path, files: Iterable[File]) -> list[str]:
    """What stands already where `files` would go, or in the place of their folders; relative to `root`, sorted."""
    found: set[str] = set()
    for file in files:
        path = root / file.path
        blocking = [folder for folder in _folders(root, path) if os.path.lexists(folder) and not folder.is_dir()]
        found |= {_relative(root, place) for place in [*blocking, *([path] if os.path.lexists(path) else [])]}
    return sorted(found)


def write_tree(root: Path, files: Iterable[File]) -> None:
    """Write `files` below `root`, which need not exist; what begins with "#!" becomes executable.

    On any failure, Ctrl-C included, what was written is taken away again.

    Raises:
        OSError: a file cannot be written, or one is there already.
    """
    with ExitStack() as undo:
        for file in files:
            path = root / file.path
            for folder in _missing_folders(path.parent):
                folder.mkdir()
                undo.callback(_remove_folder, folder)
            _write(path, file.content, undo)
        undo.pop_all()


def _write(path: Path, content: bytes, undo: ExitStack) -> None:
    mode = 0o777 if content.startswith(b"#!") else 0o666
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    undo.callback(path.unlink, missing_ok=True)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def _missing_folders(folder: Path) -> list[Path]:
    """Those that are not there, from the outermost to `folder`."""
    return [place for place in reversed([folder, *folder.parents]) if not place.exists()]


def _remove_folder(folder: Path) -> None:
    # Somebody else may have put something there in the meantime.
    with suppress(OSError):
        folder.rmdir()


def _folders(root: Path, path: Path) -> Iterator[Path]:
    return (folder for folder in path.parents if folder == root or root in folder.parents)


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
