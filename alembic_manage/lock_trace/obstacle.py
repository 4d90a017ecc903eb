"""Makes a statement wait, to see what it asks for: one that commits by itself has let its locks go when it ends."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

from alembic_manage.lock_trace.lock_modes import mode_in_words

if TYPE_CHECKING:
    from sqlalchemy import Connection

WAIT_S = 3.0
"""How long the statement may take to arrive at the obstacle."""
PAUSE_S = 0.002
_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""
_ASKED = """
SELECT CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END, l.mode, l.granted
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND l.pid = %(pid)s AND c.relkind IN ('r', 'p', 'm')
    AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
"""


class Obstacle:
    """A session that has every table for itself until another one is seen to ask for one of them.

    After that the other goes on; what else it takes is seen as far as it takes long enough.

    Args:
        holder: the driver's connection that has the tables.
        watcher: another one, which looks.
        pid: of the session that is watched.
    """

    def __init__(self, holder: Any, watcher: Any, pid: int) -> None:
        self._holder = holder
        self._watcher = watcher
        self._pid = pid
        self._seen: dict[tuple[str, str], None] = {}
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @classmethod
    def against(cls, connection: Connection) -> Obstacle | None:
        """One against the session of `connection`; None where a second session cannot be had from here.

        Args:
            connection: not in a transaction.
        """
        if connection.dialect.is_async:
            return None  # a driver of asyncio answers in its own thread only
        with contextlib.closing(connection.connection.cursor()) as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone() or (0,)
            cursor.execute(_TABLES)
            names = ", ".join(name for (name,) in cursor.fetchall())
        if not names:
            return None
        holder, watcher = connection.engine.raw_connection(), connection.engine.raw_connection()
        with contextlib.closing(holder.cursor()) as cursor:
            if connection.dialect.detect_autocommit_setting(holder.dbapi_connection):  # type: ignore[arg-type]
                cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        found = cls(holder, watcher, pid)
        found._thread.start()
        return found

    def remove(self) -> tuple[tuple[str, str], ...]:
        """Take it away; the tables and modes that were seen, in the order in which they were asked for."""
        self._ends.set()
        self._thread.join()
        for each in (self._holder, self._watcher):
            each.close()
        return tuple(self._seen)

    def _watch(self) -> None:
        latest = time.monotonic() + WAIT_S
        is_held = True
        with contextlib.closing(self._watcher.cursor()) as cursor:
            while not self._ends.is_set():
                cursor.execute(_ASKED, {"pid": self._pid})
                rows = cursor.fetchall()
                self._watcher.rollback()
                self._seen.update({(table, mode_in_words(mode)): None for table, mode, _ in rows})
                if is_held and (any(not granted for *_, granted in rows) or time.monotonic() > latest):
                    self._release()
                    is_held = False
                time.sleep(PAUSE_S)
        if is_held:
            self._release()

    def _release(self) -> None:
        with contextlib.closing(self._holder.cursor()) as cursor:
            cursor.execute("ROLLBACK")
