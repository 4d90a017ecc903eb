"""Time-outs for every statement that revisions send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from alembic_manage.dialects import TimeoutSQL, dialect_named, is_autocommit
from alembic_manage.execution.own_statements import is_own
from alembic_manage.execution.policy import TABLE_LOCK_TIMEOUT_S, RunPolicy
from alembic_manage.sql.beginning import beginning

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def session_timeouts(connection: Connection, policy: RunPolicy) -> Iterator[None]:
    """While entered, no statement waits for a lock, or runs, for longer than the policy says.

    Entered and left outside of a transaction. What env.py or the server has set counts where the policy says nothing.

    Args:
        connection: the one that the revisions use.
        policy: the rules.
    """
    rules = dialect_named(connection.dialect.name)
    sql = rules.timeouts
    if sql is None:
        yield
        return
    before = _read(connection, sql.read)
    lock_s = policy.table_lock_timeout_s
    if lock_s is None and before["lock"] in sql.unset:
        lock_s = TABLE_LOCK_TIMEOUT_S
    is_shared = rules.is_behind_pooler(connection)
    connection.rollback()
    if is_shared:
        rules.without_prepared(connection)
        with _TransactionTimeouts(connection, sql, lock_s, policy.statement_timeout_s):
            yield
    else:
        with _SessionTimeouts(connection, sql, lock_s, policy.statement_timeout_s, before):
            yield


class _SessionTimeouts:
    """Sets them once, and puts back what was there.

    Args:
        connection: its session belongs to nobody else meanwhile.
        sql: how the server spells them.
        lock_s: in seconds; None to leave it.
        statement_s: likewise.
        before: what the session had.
    """

    def __init__(
        self,
        connection: Connection,
        sql: TimeoutSQL,
        lock_s: float | None,
        statement_s: float | None,
        before: dict[str, str],
    ) -> None:
        self.connection = connection
        self.sql = sql
        self.lock_s = lock_s
        self.statement_s = statement_s
        self.before = before
        self._is_patient = False

    def __enter__(self) -> None:
        self._set(self.sql.set_lock, self.lock_s)
        self._set(self.sql.set_statement, self.statement_s)
        event.listen(self.connection, "before_cursor_execute", self._adjust)

    def __exit__(self, *_: object) -> None:
        event.remove(self.connection, "before_cursor_execute", self._adjust)
        if not self.connection.closed and not self.connection.invalidated:
            self.connection.rollback()
            for query in (self.sql.reset_lock, self.sql.reset_statement):
                self.connection.exec_driver_sql(query.format(**self.before))
            self.connection.commit()

    def _set(self, query: str, seconds: float | None) -> None:
        if seconds is not None:
            self.connection.exec_driver_sql(_text(query, seconds))
            self.connection.commit()

    def _adjust(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        """What is done CONCURRENTLY keeps nobody waiting while it waits itself, and must not be broken off."""
        wanted = bool(self.sql.patient and self.sql.patient.search(statement))
        # The journal's statements come between this and the revision's own, for which the patience is.
        if self.lock_s and wanted != self._is_patient and (wanted or not is_own(connection)):
            cursor.execute(_text(self.sql.set_lock, 0 if wanted else self.lock_s))
            self._is_patient = wanted


class _TransactionTimeouts:
    """Sets them anew in each transaction, and lets them end with it: behind a pooler the session is anybody's next.

    A statement outside of a transaction has none: whatever was set for it would stay behind in the session.

    Args:
        connection: the pooler gives it a session for each transaction.
        sql: how the server spells them.
        lock_s: in seconds; None to leave it.
        statement_s: likewise.
    """

    def __init__(
        self, connection: Connection, sql: TimeoutSQL, lock_s: float | None, statement_s: float | None
    ) -> None:
        self.connection = connection
        self._texts = [
            _text(query, seconds)
            for query, seconds in ((sql.local_lock, lock_s), (sql.local_statement, statement_s))
            if query is not None and seconds is not None
        ]
        self._is_set = False
        self._hooks: dict[str, Callable[..., Any]] = {
            "begin": self._forget,
            "commit": self._forget,
            "rollback": self._forget,
            "before_cursor_execute": self._before,
            "after_cursor_execute": self._after,
        }

    def __enter__(self) -> None:
        for name, hook in self._hooks.items():
            event.listen(self.connection, name, hook)

    def __exit__(self, *_: object) -> None:
        for name, hook in self._hooks.items():
            event.remove(self.connection, name, hook)

    def _forget(self, connection: Any) -> None:
        self._is_set = False

    def _before(self, connection: Any, cursor: Any, *_: Any) -> None:
        if self._is_set or is_autocommit(connection):
            return
        self._is_set = True
        for text in self._texts:
            cursor.execute(text)

    def _after(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if beginning(statement).upper().startswith(_ENDS):
            self._is_set = False


_ENDS = ("COMMIT", "END", "ROLLBACK", "ABORT")


def _read(connection: Connection, query: str) -> dict[str, str]:
    lock, statement = connection.exec_driver_sql(query).one()
    connection.commit()
    return {"lock": str(lock), "statement": str(statement)}


def _text(query: str, seconds: float) -> str:
    return query.format(seconds=max(1, round(seconds)) if seconds else 0, milliseconds=round(seconds * 1000))
