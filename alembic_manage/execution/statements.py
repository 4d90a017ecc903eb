"""Counts what a revision sends to the database, and what of it can no longer be rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.execution.own_statements import is_own
from alembic_manage.sql.beginning import beginning

if TYPE_CHECKING:
    from sqlalchemy import Connection

_READS = ("SELECT", "SHOW", "DESCRIBE", "PRAGMA", "EXPLAIN")
# Whatever is not known to wait for the commit counts as one that commits.
# Source: MariaDB documentation, "SQL statements that cause an implicit commit".
_WAIT_FOR_COMMIT = (*_READS, "INSERT", "UPDATE", "DELETE", "REPLACE", "SET")
# SQLite's transactions are begun by a statement.
_WRITES_NOTHING = (*_READS, "BEGIN")

_COMMITS = ("COMMIT", "END")


class StatementCount:
    """While entered, counts the statements on a connection that succeeded and were not mere reads, by revision.

    Args:
        connection: the one to watch.
        ddl_commits: whether a DDL statement commits itself and all before it, even where it fails.
    """

    def __init__(self, connection: Connection, *, ddl_commits: bool) -> None:
        self.connection = connection
        self.ddl_commits = ddl_commits
        self._frozen = False
        self.writes = 0
        """How many there were."""
        self.committed = 0
        """How many of them were committed on the way: by `autocommit_block()`, or by DDL."""

    def begin(self) -> None:
        """Count from nothing: a revision begins."""
        self.writes = self.committed = 0
        self._frozen = False

    def __enter__(self) -> StatementCount:
        from sqlalchemy import event

        event.listen(self.connection, "before_cursor_execute", self._begun)
        event.listen(self.connection, "after_cursor_execute", self._executed)
        event.listen(self.connection, "commit", self._committed)
        return self

    def __exit__(self, *_: object) -> None:
        from sqlalchemy import event

        event.remove(self.connection, "before_cursor_execute", self._begun)
        event.remove(self.connection, "after_cursor_execute", self._executed)
        event.remove(self.connection, "commit", self._committed)

    def _begun(self, connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if is_own(connection):
            return
        if self.ddl_commits and not _begins_with(statement, _WAIT_FOR_COMMIT):
            self.committed = self.writes

    def _executed(self, connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if is_own(connection):
            return
        if not _begins_with(statement, _WRITES_NOTHING):
            self.writes += 1
        self._begun(connection, cursor, statement)
        if _begins_with(statement, _COMMITS):
            self._committed(connection)

    def freeze(self) -> None:
        """Count no more commits: the one that comes is the revision's own, and either keeps everything or nothing."""
        self._frozen = True

    def _committed(self, connection: Any) -> None:
        if not self._frozen:
            self.committed = self.writes


def _begins_with(statement: str, words: tuple[str, ...]) -> bool:
    return beginning(statement).upper().startswith(words)
