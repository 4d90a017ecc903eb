"""All that an answer followed from, so that it can be seen whether each of it is as it was."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_DIGEST_BYTES = 16
_OLD_ENOUGH_NS = 2_000_000_000
"""As in history/cache.py, whose docstring says why."""
_OF_THE_TERMINAL = frozenset(
    ("_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "TERM", "COLORTERM", "WINDOWID", "SSH_CONNECTION", "SSH_CLIENT")
)
"""Variables that differ from shell to shell."""
_PASSING = ("-journal", "-wal", "-shm", ".tmp", ".swp", "~", ".pyc", ".lock")
"""Endings of files that come and go while nobody changes a project."""

Mark = tuple[int, ...] | None


@dataclass(frozen=True)
class Inputs:
    """What the project was like when something was found out about it."""

    environment: str
    """The digest of the environment's variables."""
    values: str
    """The digest of all values of the settings module."""
    marks: dict[str, Mark]
    """Of every file that counts."""
    folders: dict[str, str]
    """Digests of the names in every folder that counts."""

    def are_as_they_were(self, values: Mapping[str, Any]) -> bool:
        """Whether all of it is so now; what is dear comes last.

        Args:
            values: of the settings module.
        """
        if self.environment != environment_digest() or self.values != values_digest(values):
            return False
        if self.marks != marks_of(self.marks):
            return False
        return all(names_in(folder) == names for folder, names in self.folders.items())


def mark_of(path: str) -> Mark:
    """What changes when a file does: time of the last change, size, inode; None where there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_ctime_ns, found.st_size, found.st_ino


def marks_of(paths: Iterable[str]) -> dict[str, Mark]:
    """The marks of files by their paths."""
    return {path: mark_of(path) for path in sorted(set(paths))}


def are_older(marks: Mapping[str, Mark], moment_ns: int) -> bool:
    """Whether all files are as they were well before a moment, in nanoseconds of the file system's clock."""
    return all(mark is None or mark[0] < moment_ns - _OLD_ENOUGH_NS for mark in marks.values())


def names_in(folder: str) -> str:
    """A digest of what a folder holds, by name: a new module there may hide another."""
    try:
        names = sorted(name for name in os.listdir(folder) if name[0] != "." and not name.endswith(_PASSING))  # noqa: PTH208
    except OSError:
        return ""
    return digest_of_texts(name for name in names if name != "__pycache__")


def environment_digest() -> str:
    """A digest of the environment's variables, but for those of a terminal."""
    return digest_of_texts(
        f"{name}={value}" for name, value in sorted(os.environ.items()) if name not in _OF_THE_TERMINAL
    )


def values_digest(values: Mapping[str, Any]) -> str | None:
    """A digest of settings; None where one of them is more than a plain value."""
    parts = list(_plain(values))
    return None if None in parts else digest_of_texts(part or "" for part in parts)


def module_files() -> list[str]:
    """The files of all modules that are imported, but for Python's own."""
    own = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
    packages = tuple(own + name for name in ("site-packages", "dist-packages"))
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return [file for file in files if file and (not file.startswith(own) or file.startswith(packages))]


def _plain(value: Any) -> Iterable[str | None]:
    kind = type(value)
    if kind in (str, int, float, bool, bytes, type(None)):
        yield f"{kind.__name__} {value!r}"
    elif kind in (list, tuple, dict):
        yield f"{kind.__name__} {len(value)}"
        for item in value.items() if kind is dict else value:
            yield from _plain(item)
    elif kind in (set, frozenset):
        yield kind.__name__
        yield from sorted(part or "" for item in value for part in _plain(item))
        if any(part is None for item in value for part in _plain(item)):
            yield None
    elif isinstance(value, os.PathLike):
        yield f"path {os.fspath(value)!r}"
    else:
        yield None


def digest_of_texts(parts: Iterable[str]) -> str:
    """A digest of texts in order."""
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()
