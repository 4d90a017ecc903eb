"""The file of SQLite, as Python's own module opens it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.plain_database import FileState, PlainDatabase

if TYPE_CHECKING:
    from sqlalchemy import URL

# Source: SQLite, "Database File Format", 1.3: the string at the beginning, the versions for writing and reading (2 for
# WAL) at 18 and 19, and the counter at 24, which each transaction that changes the file raises, but not in WAL mode.
_HEADER_BYTES = 100
_BEGINNING = b"SQLite format 3\0"
_VERSIONS = slice(18, 20)
_ROLLBACK_MODE = b"\x01\x01"
_COUNTER = slice(24, 28)
_IN_USE = ("-journal", "-wal")
"""Endings of the files beside it that may hold what belongs into it."""
_NOT_ABOUT_CONNECTING = {"echo"}
"""Options of an engine that do not say how to connect."""


class SQLiteFile(PlainDatabase):
    """A file of SQLite.

    Args:
        path: of it.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def is_what_opens(self, url: URL, options: Mapping[str, Any]) -> bool:
        """Whether nothing more is said about the connection, and SQLAlchemy's own driver opens this file."""
        from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

        if url.get_dialect() is not SQLiteDialect_pysqlite or url.query or not options.keys() <= _NOT_ABOUT_CONNECTING:
            return False
        return url.database == self.path and not self.path.startswith((":", "file:"))

    def state(self) -> FileState | None:
        """The file's counter and its marks: before any query SQLite reads the whole schema, which this does not."""
        try:
            with open(self.path, "rb") as stream:  # noqa: PTH123
                header, found = stream.read(_HEADER_BYTES), os.fstat(stream.fileno())
        except OSError:
            return None
        is_whole = len(header) == _HEADER_BYTES and header.startswith(_BEGINNING)
        if not is_whole or header[_VERSIONS] != _ROLLBACK_MODE:
            return None
        if any(os.path.exists(self.path + ending) for ending in _IN_USE):  # noqa: PTH110
            return None
        return int.from_bytes(header[_COUNTER]), found.st_size, found.st_ino, found.st_ctime_ns

    def read(self, queries: Mapping[str, str]) -> Mapping[str, list[tuple[Any, ...]]] | None:
        """The rows of each query whose table is there, on one connection: each reads the whole schema first."""
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                connection.execute("BEGIN")
                there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                return {
                    table: connection.execute(query).fetchall() for table, query in queries.items() if table in there
                }
        except sqlite3.Error:
            return None
