"""Rows of MariaDB: fixtures in any order, emptied tables, the next number of a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import Dialect
from alembic_manage.dialects.rows import KeyChecks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


class _NoKeys(KeyChecks):
    """Source: MariaDB documentation, "Server System Variables", foreign_key_checks."""

    checks_itself = False

    def begin(self) -> None:
        self._before = self.connection.exec_driver_sql("SELECT @@SESSION.foreign_key_checks").scalar_one()
        self.connection.exec_driver_sql("SET SESSION foreign_key_checks = 0")

    def restore(self) -> None:
        if not self.connection.invalidated:
            self.connection.exec_driver_sql(f"SET SESSION foreign_key_checks = {int(self._before)}")


class MariaDBRows(Dialect):
    """Writes rows of MariaDB."""

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are not checked: there is nothing that puts it off."""
        return _NoKeys(connection)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """TRUNCATE, which begins the numbers anew. Source: MariaDB documentation, "TRUNCATE TABLE"."""
        truncations = [f"TRUNCATE TABLE {self.path_of(table)}" for table in tables]
        restarts = [f"ALTER SEQUENCE {name} RESTART" for table in tables for _, name in self.sequences_of(table)]
        return ["SET FOREIGN_KEY_CHECKS = 0", *truncations, *restarts, "SET FOREIGN_KEY_CHECKS = 1"]

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """SETVAL, of sequences that are objects of their own; it takes a number, and nothing that gives one.

        Source: MariaDB documentation, "SETVAL" and "EXECUTE IMMEDIATE".
        """
        return [
            statement
            for column, sequence in self.sequences_of(table)
            for statement in (
                f"SELECT CONCAT({self.text_literal(f'SELECT SETVAL({sequence}, ')}, "
                f"COALESCE(MAX({self.quoted(column)}), 0) + 1, ', 0)') "
                f"INTO @next_number FROM {self.path_of(table)}",
                "EXECUTE IMMEDIATE @next_number",
            )
        ]
