"""Boundaries of statements in the drivers of the three databases: each is counted, and at one of them the process dies.

Below SQLAlchemy and Django, so that the same boundaries count for every tool, and those of all its connections do: the
migrations' own, the lock's, the ledger's. Loaded in the process that is to die, before the tool imports a driver.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Boundaries:
    """Counts the boundaries that a process comes to, and does something at one of them.

    Each statement has two, before and after it; a commit and a rollback are statements here.
    """

    def __init__(self) -> None:
        self.count = 0
        self._at = 0
        self._beginning = ""
        self._seen = 0
        self._act: Callable[[str], None] = lambda where: None

    def reset(self, at: int, act: Callable[[str], None], beginning: str = "") -> None:
        """Begin to count.

        Args:
            at: the number of the boundary at which to act; 0 for none.
            act: what to do there; is told, in words, where that is.
            beginning: `at` counts only statements that begin with this.
        """
        self.count, self._seen, self._at, self._act, self._beginning = 0, 0, at, act, beginning

    def reached(self, moment: str, statement: object) -> None:
        """Come to a boundary; it may be the last thing that this process does."""
        self.count += 1
        if not self._at:
            return
        text = statement.decode(errors="replace") if isinstance(statement, bytes | bytearray) else str(statement)
        self._seen += text.startswith(self._beginning)
        if self._seen == self._at and text.startswith(self._beginning):
            self._act(f"{moment} {' '.join(text.split())[:100]}")

    def around(self, call: Callable[..., Any], statement: object, *args: Any, **options: Any) -> Any:
        """Call, between two boundaries."""
        self.reached("before", statement)
        result = call(*args, **options)
        self.reached("after", statement)
        return result


BOUNDARIES = Boundaries()


def install() -> None:
    """Put boundaries into the drivers."""
    _into_sqlite()
    _into_psycopg()
    _into_pymysql()


def _into_sqlite() -> None:
    """Its classes are written in C: others, derived from them, stand in for them."""
    import sqlite3
    from sqlite3 import dbapi2

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *args: Any) -> Any:
            return BOUNDARIES.around(super().execute, sql, sql, *args)

        def executemany(self, sql: str, *args: Any) -> Any:
            return BOUNDARIES.around(super().executemany, sql, sql, *args)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            if self.in_transaction:
                BOUNDARIES.around(super().commit, "COMMIT")

        def rollback(self) -> None:
            if self.in_transaction:
                BOUNDARIES.around(super().rollback, "ROLLBACK")

    connect = dbapi2.connect

    def connected(*args: Any, **options: Any) -> Any:
        return connect(*args, **{"factory": Connection, **options})

    for module in (sqlite3, dbapi2):
        module.connect = connected  # type: ignore[assignment]
        module.Cursor = Cursor  # type: ignore[misc,assignment]
        module.Connection = Connection  # type: ignore[misc,assignment]


def _into_psycopg() -> None:
    import psycopg

    _around_method(psycopg.Cursor, "execute")
    _around_method(psycopg.Cursor, "executemany")
    _around_method(psycopg.Connection, "commit", "COMMIT")
    _around_method(psycopg.Connection, "rollback", "ROLLBACK")


def _into_pymysql() -> None:
    from pymysql.connections import Connection

    _around_method(Connection, "query")
    _around_method(Connection, "commit", "COMMIT")
    _around_method(Connection, "rollback", "ROLLBACK")


def _around_method(owner: type, name: str, statement: str | None = None) -> None:
    """Put boundaries around a method; its first argument is the statement, unless one is given."""
    method = getattr(owner, name)

    def counted(self: Any, *args: Any, **options: Any) -> Any:
        return BOUNDARIES.around(method, statement or (args[0] if args else name), self, *args, **options)

    setattr(owner, name, counted)
