"""A DBAPI without a database: it hands every statement to one function, and its tables have no rows.

Source: PEP 249, "Python Database API Specification v2.0".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

apilevel = "2.0"
threadsafety = 1
# One in which "%" means nothing: text that SQLAlchemy compiles is what the user wrote.
paramstyle = "named"
sqlite_version_info = (3, 45, 0)

Row = tuple[Any, ...]


class Error(Exception):
    """PEP 249."""


class Warning(Exception):
    """PEP 249."""


class InterfaceError(Error):
    """PEP 249."""


class DatabaseError(Error):
    """PEP 249."""


class DataError(DatabaseError):
    """PEP 249."""


class OperationalError(DatabaseError):
    """PEP 249."""


class IntegrityError(DatabaseError):
    """PEP 249."""


class InternalError(DatabaseError):
    """PEP 249."""


class ProgrammingError(DatabaseError):
    """PEP 249."""


class NotSupportedError(DatabaseError):
    """PEP 249."""


class Answer:
    """What a statement gives.

    Args:
        columns: the names of the columns; None where the statement gives no rows at all.
        rows: the rows.
        lastrowid: the number of the inserted row.
    """

    def __init__(self, columns: Sequence[str] | None = None, rows: Sequence[Row] = (), lastrowid: int = 0) -> None:
        self.columns = columns
        self.rows = list(rows)
        self.lastrowid = lastrowid


Run = Callable[[str, Any, Any], Answer]
"""Called with a statement, its parameters, and SQLAlchemy's compiled form of it, if there is one."""


class DriverConnection:
    """PEP 249's connection.

    Args:
        run: what happens to a statement.
    """

    autocommit = False
    isolation_level: str | None = ""

    def __init__(self, run: Run) -> None:
        self.run = run

    def cursor(self, *_: Any, **__: Any) -> Cursor:
        """A cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """Nothing."""

    def rollback(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def execute(self, statement: str, parameters: Any = None, **_: Any) -> Cursor:
        """Run a statement on a new cursor; sqlite3's and psycopg's."""
        return self.cursor().execute(statement, parameters)

    def __getattr__(self, name: str) -> Callable[..., None]:
        """A method of some driver that does nothing: listeners of the project's prepare each new connection."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_, **__: None


class Cursor:
    """PEP 249's cursor."""

    arraysize = 1
    rowcount = 0
    lastrowid: int | None = None
    description: list[tuple[Any, ...]] | None = None

    def __init__(self, connection: DriverConnection) -> None:
        self.connection = connection
        self._rows: list[Row] = []

    def execute(self, statement: str, parameters: Any = None, compiled: Any = None) -> Cursor:
        """Run a statement."""
        answer = self.connection.run(statement, parameters, compiled)
        self.description = None
        if answer.columns is not None:
            self.description = [(name, None, None, None, None, None, None) for name in answer.columns]
        self._rows = list(answer.rows)
        self.lastrowid = answer.lastrowid
        self.rowcount = len(self._rows)
        return self

    def executemany(self, statement: str, parameters: Sequence[Any]) -> Cursor:
        """Run a statement once; the rows go nowhere."""
        return self.execute(statement, parameters[0] if parameters else None)

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.fetchall())

    def fetchone(self) -> Row | None:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """The next rows."""
        taken, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return taken

    def fetchall(self) -> list[Row]:
        """The rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Nothing."""

    def setinputsizes(self, *_: Any) -> None:
        """Nothing."""

    def setoutputsize(self, *_: Any) -> None:
        """Nothing."""
