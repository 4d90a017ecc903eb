"""SQLite: the place of each table in the file, read before and after each statement."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import Dialect
from alembic_manage.lock_trace.probe import Probe
from alembic_manage.lock_trace.statement import Statement
from alembic_manage.lock_trace.trace import WHOLE_DATABASE, Effect, Found, Lock

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TABLES = "SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"
_LOCK_NOTHING = ("SELECT", "PRAGMA", "WITH", "BEGIN", "COMMIT", "END", "SAVEPOINT", "RELEASE", "ROLLBACK")
_WAITS = ("INSERT, UPDATE, DELETE", "DDL")
_COPY = "_alembic_tmp_"
"""What the name of the table begins with that batch mode fills. Source: Alembic 1.20, operations/batch.py."""


class SQLiteProbe(Probe):
    """There is one lock, on the whole file; what differs is how long it is needed."""

    source = "SQLite documentation, File Locking And Concurrency: https://www.sqlite.org/lockingv3.html"
    notes = (
        "There is one lock for the whole file: from the first statement to the commit nobody else writes. In WAL mode "
        "readers go on; else they wait while the commit is written. Whoever waits longer than its busy timeout (5 s in "
        'Python) gets "database is locked".',
    )

    def __init__(self, rules: Dialect) -> None:
        super().__init__(rules)
        self._pages: dict[str, int] = {}
        self._known: set[str] = set()
        self._first: int | None = None

    def begin(self, connection: Connection) -> None:
        """Remember where the tables are."""
        with contextlib.closing(connection.connection.cursor()) as cursor:
            self._pages = _read(cursor)
        self._known = set(self._pages)
        self._first = None

    def after(self, connection: Connection, cursor: Any, sql: str, number: int) -> Found:
        """A table that is at another place now was rebuilt, be it by several statements."""
        before, self._pages = self._pages, _read(cursor)
        moved = [name for name in self._known if name in self._pages and before.get(name) != self._pages[name]]
        found = self.expected(Statement(sql, self.rules))
        rewrites = tuple(dict.fromkeys([*(each for each in found.rewrites if each in self._known), *moved]))
        scans = tuple(each for each in found.scans if each in self._known and each not in rewrites)
        locks = tuple(replace(lock, since=self._first) for lock in found.locks)
        if self.keeps_locks(connection):
            self._first = self._first or (number if locks else None)
        return Found(locks, rewrites, scans, found.notes)

    def keeps_locks(self, connection: Connection) -> bool:
        """Within a transaction they stay."""
        return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))

    def expected(self, statement: Statement) -> Found:
        """Source: SQLite documentation, "ALTER TABLE": DROP COLUMN rewrites the rows, the other forms the schema."""
        if statement.verb.startswith(_LOCK_NOTHING):
            return Found()
        lock = (Lock(WHOLE_DATABASE, "RESERVED", _WAITS, Effect.WRITES),)
        table = statement.table
        one = (table,) if table and not table.startswith(_COPY) else ()
        if statement.verb == "ALTER TABLE" and statement.has("DROP", "COLUMN"):
            return Found(lock, rewrites=one)
        if statement.verb == "CREATE INDEX" or statement.verb in ("UPDATE", "DELETE"):
            return Found(lock, scans=one)
        if statement.verb == "INSERT" and table and table.startswith(_COPY):
            source = table.removeprefix(_COPY)
            return Found(lock, scans=(source,), notes=(f"Batch mode: every row of {source} is copied.",))
        return Found(lock)


def _read(cursor: Any) -> dict[str, int]:
    cursor.execute(_TABLES)
    return dict(cursor.fetchall())


PROBE = SQLiteProbe
