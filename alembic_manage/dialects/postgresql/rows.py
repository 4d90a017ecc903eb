"""Rows of PostgreSQL: fixtures in any order, emptied tables, the next number of a key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect
from alembic_manage.dialects.rows import KeyChecks
from alembic_manage.dialects.session import AS_IT_STANDS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, Table


class _DeferrableKeys(KeyChecks):
    """Source: PostgreSQL 16 manual, "SET CONSTRAINTS" and "ALTER TABLE", ALTER CONSTRAINT."""

    _FIND = (
        "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint "
        "WHERE conrelid = to_regclass(:table) AND contype = 'f' AND NOT condeferrable AND conparentid = 0"
    )

    def __init__(self, connection: Connection, path_of: Callable[[Table], str]) -> None:
        super().__init__(connection)
        self._path_of = path_of
        self._changed: list[str] = []

    def begin(self) -> None:
        # psycopg logs each executemany that fails, although the error is raised as well.
        logging.getLogger("psycopg").addFilter(_is_no_pipeline)
        self.connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def restore(self) -> None:
        logging.getLogger("psycopg").removeFilter(_is_no_pipeline)

    def defer(self, table: Table) -> bool:
        from sqlalchemy import text

        path = self._path_of(table)
        found = self.connection.execute(text(self._FIND), {"table": path}).scalars().all()
        for alter in found:
            self.connection.execute(text(f"{alter.replace(':', chr(92) + ':')} DEFERRABLE INITIALLY DEFERRED"))
        self._changed += found
        return bool(found)

    def end(self) -> None:
        self.connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for alter in self._changed:
            self.connection.exec_driver_sql(f"{alter} NOT DEFERRABLE", execution_options=AS_IT_STANDS)


def _is_no_pipeline(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("error ignored terminating")


@cache
def _overriding_insert() -> type[Insert]:
    """An INSERT for columns GENERATED ALWAYS AS IDENTITY. Source: PostgreSQL 16 manual, INSERT."""
    from sqlalchemy import Insert
    from sqlalchemy.ext.compiler import compiles

    class OverridingInsert(Insert):
        inherit_cache = True

    def visit(element: Insert, compiler: Any, **options: Any) -> str:
        sql: str = compiler.visit_insert(element, **options)
        source = " VALUES " if element.select is None else " SELECT "
        return sql.replace(source, f" OVERRIDING SYSTEM VALUE{source}", 1)

    compiles(OverridingInsert)(visit)
    return OverridingInsert


class PostgreSQLRows(Dialect):
    """Writes rows of PostgreSQL."""

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are put off to the end; those that cannot be are made so for the time of the load."""
        return _DeferrableKeys(connection, self.path_of)

    def insert(self, table: Table, numbers_identity: bool) -> Insert:
        """With OVERRIDING SYSTEM VALUE where the statement numbers rows itself."""
        if not numbers_identity:
            return super().insert(table, numbers_identity)
        return _overriding_insert()(table)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """One TRUNCATE. Source: PostgreSQL 16 manual, TRUNCATE."""
        names = ", ".join(self.path_of(table) for table in tables)
        sequences = (sequence for table in tables for _, sequence in self.sequences_of(table))
        restarts = [f"ALTER SEQUENCE {sequence} RESTART" for sequence in sequences]
        return [f"TRUNCATE {names} RESTART IDENTITY", *restarts] if tables else []

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """setval, of sequences that belong to columns and of those that stand apart."""
        numbered = [column for column in table.columns if column is table.autoincrement_column or column.identity]
        apart = dict(self.sequences_of(table))
        found = [
            sql
            for column in numbered
            if column.name not in apart
            for sql in self.continue_numbers_sql(table.schema, table.name, column.name)
        ]
        for column, sequence in apart.items():
            highest = f"COALESCE(max({self.quoted(column)}), 0) + 1"
            found.append(f"SELECT setval({self.text_literal(sequence)}, {highest}, false) FROM {self.path_of(table)}")
        return found
