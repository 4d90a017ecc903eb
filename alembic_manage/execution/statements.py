"""Counts what a revision sends to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

_READS = ("SELECT", "SHOW", "DESCRIBE", "PRAGMA", "EXPLAIN")


class StatementCount:
    """While entered, counts the statements that succeeded on a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.writes = 0

    def __enter__(self) -> StatementCount:
        from sqlalchemy import event

        event.listen(self.connection, "after_cursor_execute", self._executed)
        return self

    def __exit__(self, *_: object) -> None:
        from sqlalchemy import event

        event.remove(self.connection, "after_cursor_execute", self._executed)

    def _executed(self, connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if not statement.lstrip(" (\n\t").upper().startswith(_READS):
            self.writes += 1
