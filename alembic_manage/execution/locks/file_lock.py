"""A lock for databases that are files: the operating system gives it back when the process ends."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from alembic_manage.execution.locks.lock import Holder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SUFFIX = ".migrate-lock"
_FAR = 1 << 30
"""The byte that is locked on Windows, where a locked byte cannot be read: behind all that is written."""


class FileLock:
    """A lock on a file beside the database; the file is there while somebody has the lock.

    Not on the database's own file: closing any descriptor of it drops SQLite's locks. Source: SQLite documentation,
    "How To Corrupt An SQLite Database File", 2.2.

    Args:
        database: the path of the database.
        name: of the version table, so that two histories in one file do not wait for one another.
    """

    def __init__(self, database: Path, name: str) -> None:
        self.path = database.with_name(f"{database.name}.{name}{SUFFIX}")
        self._descriptor: int | None = None

    def try_acquire(self, holder: Holder) -> bool:
        """As MigrationLock's."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        if not _lock(descriptor) or not self._is_the_file(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self.announce(holder)
        return True

    def is_held(self) -> bool:
        """As MigrationLock's; lost where somebody deleted the file."""
        return self._descriptor is not None and self._is_the_file(self._descriptor)

    def announce(self, holder: Holder) -> bool:
        """As MigrationLock's: written into the file."""
        if self._descriptor is None:
            return False
        since = holder.since.isoformat() if holder.since else None
        text = json.dumps({**asdict(holder), "since": since}).encode()
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text)
        return self._is_the_file(self._descriptor)

    def holder(self) -> Holder | None:
        """As MigrationLock's."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            since = datetime.fromisoformat(found["since"]) if found["since"] else None
            return Holder(**{**found, "since": since})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def release(self) -> None:
        """As MigrationLock's."""
        if self._descriptor is None:
            return
        # First the name, then the lock: whoever opened the old file finds out that it is not the file any more.
        if self._is_the_file(self._descriptor):
            with contextlib.suppress(OSError):
                self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def _is_the_file(self, descriptor: int) -> bool:
        """Whether the path still leads to the locked file, and not to one that was made after it was deleted."""
        try:
            there = self.path.stat()
        except OSError:
            return False
        own = os.fstat(descriptor)
        return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
