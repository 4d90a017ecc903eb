"""Counts what a revision sends to the database, and what of it can no longer be rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

_READS = ("SELECT", "SHOW", "DESCRIBE", "PRAGMA", "EXPLAIN")


class StatementCount:
    """While entered, counts the statements on a connection that succeeded and were not mere reads."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.writes = 0
        """How many there were."""
        self.committed = 0
        """How many of them were committed on the way, as `autocommit_block()` does."""

    def __enter__(self) -> StatementCount:
        from sqlalchemy import event

        event.listen(self.connection, "after_cursor_execute", self._executed)
        event.listen(self.connection, "commit", self._committed)
        return self

    def __exit__(self, *_: object) -> None:
        from sqlalchemy import event

        event.remove(self.connection, "after_cursor_execute", self._executed)
        event.remove(self.connection, "commit", self._committed)

    def _executed(self, connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if not statement.lstrip(" (\n\t").upper().startswith(_READS):
            self.writes += 1

    def _committed(self, connection: Any) -> None:
        self.committed = self.writes
