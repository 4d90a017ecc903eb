"""Time-outs of the session that runs revisions, for every statement that they send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from alembic_manage.dialects import dialect_named
from alembic_manage.execution.policy import TABLE_LOCK_TIMEOUT_S, RunPolicy

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
    sql = dialect_named(connection.dialect.name).timeouts
    if sql is None:
        yield
        return
    before = _read(connection, sql.read)
    lock_s, statement_s = policy.table_lock_timeout_s, policy.statement_timeout_s
    if lock_s is None and before["lock"] in sql.unset:
        lock_s = TABLE_LOCK_TIMEOUT_S
    _set(connection, sql.set_lock, lock_s)
    _set(connection, sql.set_statement, statement_s)

    is_patient = False

    def adjust(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        # What is done CONCURRENTLY keeps nobody waiting while it waits itself, and must not be broken off.
        nonlocal is_patient
        wanted = bool(sql.patient and sql.patient.search(statement))
        if lock_s and wanted != is_patient:
            cursor.execute(_text(sql.set_lock, 0 if wanted else lock_s))
            is_patient = wanted

    event.listen(connection, "before_cursor_execute", adjust)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", adjust)
        if not connection.closed and not connection.invalidated:
            connection.rollback()
            for query in (sql.reset_lock, sql.reset_statement):
                connection.exec_driver_sql(query.format(**before))
            connection.commit()


def _read(connection: Connection, query: str) -> dict[str, str]:
    lock, statement = connection.exec_driver_sql(query).one()
    connection.commit()
    return {"lock": str(lock), "statement": str(statement)}


def _set(connection: Connection, query: str, seconds: float | None) -> None:
    if seconds is not None:
        connection.exec_driver_sql(_text(query, seconds))
        connection.commit()


def _text(query: str, seconds: float) -> str:
    return query.format(seconds=max(1, round(seconds)) if seconds else 0, milliseconds=round(seconds * 1000))
