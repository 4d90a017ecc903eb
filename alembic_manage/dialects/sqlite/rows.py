"""Rows of SQLite: fixtures in any order, emptied tables, the next number of a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import Dialect
from alembic_manage.dialects.rows import KeyChecks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


class SQLiteRows(Dialect):
    """Writes rows of SQLite."""

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """One transaction, which the driver would not begin for a SELECT. Source: SQLite documentation, "Isolation"."""
        if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("BEGIN")
        yield

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are checked when the transaction ends, if at all."""
        return _DeferredKeys(connection)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """DELETE, and the rows of sqlite_sequence. Source: SQLite documentation, "SQLite Autoincrement"."""
        found = ["PRAGMA defer_foreign_keys = ON", *super().empty_tables_sql(connection, tables)]
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first():
            names = ", ".join(self.text_literal(table.name) for table in tables)
            found.append(f"DELETE FROM sqlite_sequence WHERE name IN ({names})")
        return found


class _DeferredKeys(KeyChecks):
    """Until the transaction ends. Source: SQLite documentation, "PRAGMA defer_foreign_keys"."""

    checks_itself = False

    def begin(self) -> None:
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
