"""Names and statements of DDL as SQLite has them."""

from __future__ import annotations

from alembic_manage.dialects.dialect import Dialect


class SQLiteDDL(Dialect):
    """Writes DDL of SQLite."""

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """By rowid. Source: SQLite documentation, "ROWIDs and the INTEGER PRIMARY KEY"."""
        return f"UPDATE {table} SET {column} = {value.format(number=f'(rowid + {start})')} WHERE {column} IS NULL"
