"""Shows again and again that the owner of a lock lives, while it is busy with something long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

NAME = "migration-lock-heartbeat"
"""Of the thread."""
LONGEST_FAREWELL_S = 5.0
"""How long the end of a run waits for a beat that hangs in the network."""

Beat = Callable[["Connection"], bool]
"""What is done on a connection; whether to go on."""


class Heartbeat:
    """A thread that does something at regular intervals, each time on a new connection.

    A beat that fails is passed over, whatever it fails with (an asyncio driver raises errors of its own where it cannot
    connect): the next one may do better, and who needs to know asks the lock. The thread ends with its process, also
    where nobody stops it.

    Args:
        make_engine: makes an engine of the thread's own, for one beat.
        beat: what is done.
        interval_s: how long between two beats, in seconds.
    """

    def __init__(self, make_engine: Callable[[], Engine], beat: Beat, interval_s: float) -> None:
        self._make_engine = make_engine
        self._beat = beat
        self._interval_s = interval_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)

    def start(self) -> None:
        """Begin; the first beat comes after one interval."""
        self._thread.start()

    def stop(self) -> None:
        """No more beats; none is under way afterwards, unless it hangs."""
        self._over.set()
        self._thread.join(LONGEST_FAREWELL_S)

    def _run(self) -> None:
        while not self._over.wait(self._interval_s):
            try:
                goes_on = _once(self._make_engine(), self._beat)
            except Exception:
                continue
            if not goes_on:
                return


def _once(engine: Engine, beat: Beat) -> bool:
    if engine.dialect.is_async:
        return _once_in_loop(engine, beat)
    try:
        with engine.connect() as connection:
            return beat(connection)
    finally:
        engine.dispose()


def _once_in_loop(engine: Engine, beat: Beat) -> bool:
    """The same with an asyncio driver: a connection belongs to the loop that made it, and the thread has none."""
    import asyncio

    from sqlalchemy.ext.asyncio import AsyncEngine

    async def once() -> bool:
        own = AsyncEngine(engine)
        try:
            async with own.connect() as connection:
                return await connection.run_sync(beat)
        finally:
            await own.dispose()

    return asyncio.run(once())
