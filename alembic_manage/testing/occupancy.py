"""Who works with a test database just now: locks in files, which the operating system gives back."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from alembic_manage.execution.locks.file_lock import SUFFIX, FileLock
from alembic_manage.execution.locks.lock import Holder
from alembic_manage.testing.errors import TestDatabaseError

PAUSE_S = 0.05
_TURN = "turn"


class Occupancy:
    """The workers of this machine that use a test database.

    Args:
        url: of the test database.
        run: the test run; its workers share the database.
        worker: this one.
    """

    def __init__(self, url: URL, run: str, worker: str) -> None:
        place = str(url.set(password=None, query={}))
        self.folder = Path(tempfile.gettempdir()) / f"alembic_manage_tests_{_user()}"
        self.stem = Path(f"{hashlib.sha256(place.encode()).hexdigest()[:16]}")
        self.name, self.run, self.worker = url.database or "", run, worker
        self._own = self._lock(worker)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One worker at a time; waits for as long as the other one needs, or lives."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        lock = self._lock(_TURN)
        while not lock.try_acquire(Holder.this_process()):
            time.sleep(PAUSE_S)
        try:
            yield
        finally:
            lock.release()

    def enter(self) -> None:
        """Count this worker among the users; to be called in its turn.

        Raises:
            TestDatabaseError: another test run uses the database.
        """
        for other, holder in self._others():
            if holder.doing != self.run or other == self.worker:
                raise TestDatabaseError(
                    f"Another test run uses the test database '{Path(self.name).name}': "
                    f"{dataclasses.replace(holder, doing='').text}.",
                    hint="wait until it ends, or give this run a database of its own, in DATABASES: "
                    '"TEST": {"NAME": os.environ.get("TEST_DATABASE", "test_shop")}',
                )
        self._own.try_acquire(dataclasses.replace(Holder.this_process(), doing=self.run))

    def leave(self) -> bool:
        """Count this worker no more; to be called in its turn. Whether it was the last one."""
        self._own.release()
        return not any(True for _ in self._others())

    def _lock(self, worker: str) -> FileLock:
        return FileLock(self.folder / self.stem, worker)

    def _others(self) -> Iterator[tuple[str, Holder]]:
        """The workers that live, and who they are."""
        for path in self.folder.glob(f"{self.stem}.*{SUFFIX}"):
            worker = path.name.removeprefix(f"{self.stem}.").removesuffix(SUFFIX)
            lock = self._lock(worker)
            if worker == _TURN or (worker == self.worker and self._own.is_held()):
                continue
            if lock.try_acquire(Holder()):
                lock.release()
            else:
                yield worker, lock.holder() or Holder()


def _user() -> str:
    """By name; by number where the system knows no name, as in a container with any user id."""
    return Holder.this_process().user or str(os.getuid())
