"""Waits for a lock without blocking in the database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic_manage.errors import LockedError
from alembic_manage.execution.locks.lock import Holder, MigrationLock

SHORTEST_WAIT_S = 0.05
LONGEST_WAIT_S = 1.0
NOTICE_AFTER_S = 2.0
"""How long it waits before it says whom it waits for."""


@contextmanager
def held(
    lock: MigrationLock, timeout_s: float, notify: Callable[[str], None] = lambda line: None
) -> Iterator[MigrationLock]:
    """The lock, while entered.

    Args:
        lock: to wait for.
        timeout_s: how long, in seconds; 0 to try once.
        notify: is told, in one line, for whom it waits.

    Raises:
        LockedError: somebody else has it for longer than that; the message says who.
    """
    _wait(lock, timeout_s, notify)
    try:
        yield lock
    finally:
        lock.release()


def _wait(lock: MigrationLock, timeout_s: float, notify: Callable[[str], None]) -> None:
    began, pause, told = time.monotonic(), SHORTEST_WAIT_S, ""
    while not lock.try_acquire(Holder.this_process()):
        waited = time.monotonic() - began
        if waited >= timeout_s:
            raise LockedError(
                f"Another migrator has the lock: {_text(lock)}. Waited {waited:.0f} s; nothing was changed.",
                hint=f"python manage.py migrate --lock-timeout {max(60, round(timeout_s * 5))}",
            )
        if waited >= NOTICE_AFTER_S and (text := _text(lock)) != told:
            notify(f"Waiting for {text}.")
            told = text
        # With jitter: fifty processes that begin at once must not ask at once for ever.
        time.sleep(min(pause * random.uniform(0.5, 1.5), max(timeout_s - waited, 0.01)))
        pause = min(pause * 1.5, LONGEST_WAIT_S)


def _text(lock: MigrationLock) -> str:
    holder = lock.holder()
    return holder.text if holder else "another process, which does not say who it is"
