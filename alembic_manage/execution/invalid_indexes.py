"""Names what a failed CREATE INDEX CONCURRENTLY leaves, and removes it before the statement is sent again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.dialects import Dialect, InvalidIndexSQL, dialect_named, is_autocommit
from alembic_manage.execution.own_statements import is_own, own
from alembic_manage.sql.concurrently import ConcurrentStatement, concurrent_statement

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAUSE_S = 0.2


@dataclass(frozen=True)
class InvalidIndex:
    """An index that the database neither uses nor keeps whole."""

    schema: str
    table: str
    name: str
    session: int | None
    """Which session of the server is at work on it; None where none is."""

    @property
    def title(self) -> str:
        """For a person."""
        return f"{self.name} of {self.table}"


class InvalidIndexes:
    """While entered, no statement with CONCURRENTLY meets what an earlier one has left behind.

    With IF NOT EXISTS the database would take the invalid index for the one that is wanted, and keep it so for ever;
    without, it would refuse.

    Args:
        connection: the one that the revisions use; entered after what sets its time-outs, which must count for the
            removal too.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tell: Callable[[str], None] = lambda line: None
        """Is told, in one line, what is removed or waited for."""
        self.rules: Dialect = dialect_named(connection.dialect.name)
        self._sent: ConcurrentStatement | None = None
        """The one that was sent last, while it has not succeeded."""

    def __enter__(self) -> InvalidIndexes:
        if self.rules.invalid_indexes is not None:
            event.listen(self.connection, "before_cursor_execute", self._before)
            event.listen(self.connection, "after_cursor_execute", self._after)
        return self

    def __exit__(self, *_: object) -> None:
        if self.rules.invalid_indexes is not None:
            event.remove(self.connection, "before_cursor_execute", self._before)
            event.remove(self.connection, "after_cursor_execute", self._after)

    def left(self) -> str:
        """What the statement that failed last has left: a line for the end of its error, or nothing.

        The connection is rolled back, and made anew where it was cut.
        """
        sent, self._sent = self._sent, None
        sql = self.rules.invalid_indexes
        if sent is None or sql is None:
            return ""
        try:
            self.connection.rollback()
            found = [each for each in self._find(self.connection, sql, sent) if sent.concerns(each.name)]
            self.connection.rollback()
        except SQLAlchemyError:
            what = sent.index or f"of {sent.table}"
            return f"\nThe index {what} may be left invalid; then it is removed before the statement is tried again."
        return "".join(f"\n{_told(each, sent)}" for each in found)

    def _before(self, connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if is_own(connection):
            return
        sql, sent = self.rules.invalid_indexes, concurrent_statement(statement, self.rules)
        # In a transaction the database refuses the statement itself.
        if sql is None or sent is None or not is_autocommit(connection):
            return
        self._clear(connection, sql, sent)
        self._sent = sent

    def _after(self, connection: Connection, *_: object) -> None:
        if not is_own(connection):
            self._sent = None

    def _clear(self, connection: Connection, sql: InvalidIndexSQL, sent: ConcurrentStatement) -> None:
        told = False
        while found := [each for each in self._find(connection, sql, sent) if sent.leaves(each.name)]:
            busy = next((each for each in found if each.session is not None), None)
            if busy is None:
                self._drop(connection, sql, found)
                return
            if not told:
                self.tell(f"Waiting for session {busy.session} of the server, which works on the index {busy.title}.")
                told = True
            time.sleep(PAUSE_S)

    def _find(self, connection: Connection, sql: InvalidIndexSQL, sent: ConcurrentStatement) -> Sequence[InvalidIndex]:
        names = {"table": sent.table, "index": sent.index_path}
        with own(connection):
            return [InvalidIndex(*row) for row in connection.execute(text(sql.find), names).all()]

    def _drop(self, connection: Connection, sql: InvalidIndexSQL, found: Sequence[InvalidIndex]) -> None:
        for each in found:
            self.tell(f"Removing the invalid index {each.title}, which an attempt before this one has left.")
            path = f"{self.rules.quoted(each.schema)}.{self.rules.quoted(each.name)}"
            with own(connection):
                connection.execute(text(sql.drop.format(path=path).replace(":", r"\:")))


def _told(found: InvalidIndex, sent: ConcurrentStatement) -> str:
    if sent.leaves(found.name):
        return (
            f"It left the index {found.title} behind, invalid; it is removed before the statement is tried again. "
            "Until then each write to the table maintains it, and no query uses it."
        )
    return (
        f"The index {found.title} is invalid: no query uses it. Running the statement again removes it; to have it "
        f"back: REINDEX INDEX CONCURRENTLY {found.name}."
    )
