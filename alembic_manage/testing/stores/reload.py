"""Copying a database of MariaDB or MySQL by what SHOW CREATE says.

Source: MariaDB documentation, "SHOW CREATE TABLE" and its neighbours, "CHECKSUM TABLE", "ALTER SEQUENCE".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from alembic_manage.testing.stores.server_store import LOCK_TIMEOUT_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.dialects import Dialect

TABLE, SEQUENCE, VIEW, TRIGGER, EVENT = "BASE TABLE", "SEQUENCE", "VIEW", "TRIGGER", "EVENT"
_OBJECTS = (
    "SELECT TABLE_NAME, TABLE_TYPE, AUTO_INCREMENT, '' FROM information_schema.TABLES WHERE TABLE_SCHEMA = {0}",
    "SELECT ROUTINE_NAME, ROUTINE_TYPE, NULL, '' FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {0}",
    "SELECT TRIGGER_NAME, 'TRIGGER', NULL, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS "
    "WHERE TRIGGER_SCHEMA = {0}",
    "SELECT EVENT_NAME, 'EVENT', NULL, '' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {0}",
)
_COLUMNS = (
    "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {0} AND TABLE_NAME = {1} "
    "AND EXTRA NOT LIKE '%GENERATED%' ORDER BY ORDINAL_POSITION"
)
_SESSION = (
    "SET SESSION foreign_key_checks = 0, unique_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO', "
    f"lock_wait_timeout = {LOCK_TIMEOUT_S}, innodb_lock_wait_timeout = {LOCK_TIMEOUT_S}"
)


@dataclass(frozen=True)
class Object:
    """Something with a name in a database."""

    name: str
    kind: str
    counter: int | None
    """Of a table that numbers its rows: the next number."""
    table: str
    """Of a trigger: its table."""


class Reload:
    """Makes one database of a server what another one is.

    Args:
        connection: to the server; each statement counts at once.
        dialect: of the server.
        source: the database to copy.
        target: the copy.
    """

    def __init__(self, connection: Connection, dialect: Dialect, source: str, target: str) -> None:
        self.connection, self.dialect, self.source, self.target = connection, dialect, source, target

    def run(self, statement: str) -> Any:
        """Run a statement as it stands."""
        return self.connection.exec_driver_sql(statement.replace("%", "%%"))

    def use(self, name: str) -> None:
        """Make a database the current one, so that SHOW CREATE leaves its name out."""
        self.run(f"USE {self.dialect.quoted(name)}")

    def objects(self, database: str) -> list[Object]:
        """Everything with a name in it, in order of kinds and names."""
        literal = self.dialect.text_literal(database)
        rows = [row for query in _OBJECTS for row in self.run(query.format(literal)).all()]
        return sorted((Object(*row) for row in rows), key=lambda each: (each.kind, each.name))

    def everything(self) -> None:
        """Fill the target, which is empty."""
        self.use(self.source)
        objects = self.objects(self.source)
        tables = [each for each in objects if each.kind in (SEQUENCE, TABLE)]
        views = [self._definition(each) for each in objects if each.kind == VIEW]
        code = [self._code(each) for each in objects if each.kind not in (SEQUENCE, TABLE, VIEW)]
        # A default may take its value from a sequence.
        statements = [self._definition(each) for each in sorted(tables, key=lambda each: each.kind == TABLE)]
        with self._unchecked():
            for statement in statements:
                self.run(statement)
            for each in tables:
                self._fill(each)
            self._make_views(views)
            for mode, statement in code:
                self.run(f"SET SESSION sql_mode = {self.dialect.text_literal(mode)}")
                self.run(statement)

    def refill(self, names: Sequence[str]) -> bool:
        """Fill tables and sequences of the target again; false, with nothing done, where triggers would run."""
        if not names:
            return True
        objects = self.objects(self.source)
        triggers = {each.table for each in objects if each.kind == TRIGGER}
        changed = [each for each in objects if each.name in names and each.kind in (SEQUENCE, TABLE)]
        if any(each.name in triggers and self._has_rows(each) for each in changed):
            return False
        with self._unchecked():
            for each in changed:
                if each.kind == TABLE:
                    word = "DELETE FROM" if each.counter is None else "TRUNCATE TABLE"
                    self.run(f"{word} {self.dialect.quoted(each.name)}")
                self._fill(each)
        return True

    @contextmanager
    def _unchecked(self) -> Iterator[None]:
        """Work on the target, in any order of foreign keys."""
        self.use(self.target)
        self.run(_SESSION)
        yield

    def _definition(self, each: Object) -> str:
        word = TABLE.rpartition(" ")[2] if each.kind == TABLE else each.kind
        return str(self.run(f"SHOW CREATE {word} {self.dialect.quoted(each.name)}").one()[1])

    def _code(self, each: Object) -> tuple[str, str]:
        """The SQL mode in which a trigger, routine or event was made, and its statement."""
        row = self.run(f"SHOW CREATE {each.kind} {self.dialect.quoted(each.name)}").one()
        return str(row[1]), str(row[3 if each.kind == EVENT else 2])

    def _path(self, each: Object) -> str:
        return f"{self.dialect.quoted(self.source)}.{self.dialect.quoted(each.name)}"

    def _has_rows(self, each: Object) -> bool:
        return bool(self.run(f"SELECT EXISTS (SELECT 1 FROM {self._path(each)})").scalar())

    def _fill(self, each: Object) -> None:
        own = self.dialect.quoted(each.name)
        if each.kind == SEQUENCE:
            number = self.run(f"SELECT next_not_cached_value FROM {self._path(each)}").scalar()
            self.run(f"ALTER SEQUENCE {own} RESTART {number}")
            return
        if self._has_rows(each):
            literals = (self.dialect.text_literal(self.source), self.dialect.text_literal(each.name))
            columns = ", ".join(self.dialect.quoted(row[0]) for row in self.run(_COLUMNS.format(*literals)))
            self.run(f"INSERT INTO {own} ({columns}) SELECT {columns} FROM {self._path(each)}")
        if each.counter is not None and each.counter > 1:
            self.run(f"ALTER TABLE {own} AUTO_INCREMENT = {each.counter}")

    def _make_views(self, statements: Sequence[str]) -> None:
        """Views in whatever order they need one another."""
        left = list(statements)
        while left:
            refused: list[str] = []
            for statement in left:
                try:
                    self.run(statement)
                except DBAPIError:
                    if len(left) == 1 or len(refused) == len(left) - 1:
                        raise
                    refused.append(statement)
            left = refused


def rows_of(reload: Reload, objects: Sequence[Object]) -> dict[str, tuple[Any, ...]]:
    """By table and sequence of the current database: what tells that its rows, or its counter, have changed."""
    tables = [each for each in objects if each.kind == TABLE]
    names = ", ".join(reload.dialect.quoted(each.name) for each in tables)
    sums = [row[1] for row in reload.run(f"CHECKSUM TABLE {names}").all()] if tables else []
    found = {each.name: (each.counter, checksum) for each, checksum in zip(tables, sums, strict=True)}
    sequences = [each.name for each in objects if each.kind == SEQUENCE]
    return found | {
        name: tuple(reload.run(f"SELECT next_not_cached_value FROM {reload.dialect.quoted(name)}").one())
        for name in sequences
    }
