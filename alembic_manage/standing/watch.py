"""What importing models touches besides the modules themselves: files, folders, and what nobody can look at again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

# Source: Python 3.11 manual, "Audit events table". What a program, a server or a database answers may be another thing
# the next time, and nothing here would show it.
_UNKNOWABLE = (
    "ctypes.",
    "ftplib.",
    "http.",
    "imaplib.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "poplib.",
    "pty.",
    "smtplib.",
    "socket.",
    "sqlite3.connect",
    "subprocess.",
    "urllib.",
)


@dataclass
class Touched:
    """What was touched."""

    files: set[str] = field(default_factory=set)
    """Absolute paths of files that were opened to be read."""
    folders: set[str] = field(default_factory=set)
    """Absolute paths of folders whose content was listed."""
    before: list[str] = field(default_factory=list)
    """The project's own modules that were imported already, the settings aside: what they touched is not known."""
    is_knowable: bool = True
    """Whether that is all that the result can depend on, clock and chance aside."""


_watching: list[Touched] = []
_is_installed = False


@contextmanager
def touched(root: Path, settings: str) -> Iterator[Touched]:
    """While entered, what is touched is added to the value.

    Args:
        root: the project's folder.
        settings: the dotted name of the settings module, which runs each time anyhow.
    """
    global _is_installed
    if not _is_installed:
        sys.addaudithook(_audit)  # for good: Python has no way to take one away
        _is_installed = True
    found = Touched(before=[str(module.__file__) for module in project_modules(root, settings)])
    _watching.append(found)
    event.listen(Pool, "connect", _connected)  # drivers in C raise no audit event
    try:
        yield found
    finally:
        event.remove(Pool, "connect", _connected)
        _watching.remove(found)


def project_modules(root: Path, settings: str) -> Iterator[ModuleType]:
    """The modules of the project itself that are imported by now, the settings aside.

    Args:
        root: as for `touched`.
        settings: as for `touched`.
    """
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name in ("__main__", settings) or name.partition(".")[0] == "alembic_manage":
            continue
        path = Path(file)
        if path.is_relative_to(root) and "site-packages" not in path.parts:
            yield module


def _connected(*_: object) -> None:
    for found in _watching:
        found.is_knowable = False


def _audit(name: str, arguments: tuple[Any, ...], watching: list[Touched] = _watching) -> None:
    # Bound as a default: at the end of Python the names of a module are None, and files are still opened.
    for found in watching:
        if name == "open":
            _opened(found, *arguments)
        elif name in ("os.listdir", "os.scandir"):
            _listed(found, arguments[0])
        elif name.startswith(_UNKNOWABLE):
            found.is_knowable = False


def _opened(found: Touched, path: object, mode: object, flags: int) -> None:
    if not isinstance(path, str | bytes):
        return  # a descriptor, which was opened before
    name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
    if ".pyc" in name:
        return  # what is compiled follows from its source, which is a file of the module
    if flags & (os.O_WRONLY | os.O_RDWR) or (isinstance(mode, str) and not mode.startswith("r")):
        found.is_knowable = False  # who writes does more than define
    found.files.add(name)


def _listed(found: Touched, folder: object) -> None:
    if folder is None or isinstance(folder, str | bytes):
        found.folders.add(os.path.abspath(os.fsdecode(folder or ".")))  # noqa: PTH100
    else:
        found.is_knowable = False
