"""A lock that a session of the server holds, on a connection of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.dialects import Dialect, SessionLockSQL
from alembic_manage.errors import LockedError
from alembic_manage.execution.locks.lock import Holder, LockKey

PREFIX = "alembic_manage"
_LOOKS = 20
"""How often the numbers of two sessions are compared. A pooler gives the session of an idle connection to the next that
asks, so one look shows it, unless others ask at the same time."""


class SessionLock:
    """A lock in the server's memory: it is gone when the connection is.

    The connection does nothing else and is never in a transaction, so that nothing in the database waits for it.

    Args:
        engine: of the database; the connection comes from a pool of the lock's own.
        key: what is locked.
        sql: how the server locks.
        rules: of the database.
    """

    def __init__(self, engine: Engine, key: LockKey, sql: SessionLockSQL, rules: Dialect) -> None:
        self.sql = sql
        self.rules = rules
        self._key = {"key": sql.key(key.name, key.number)}
        # A pool of one connection may have given it to the migrations already.
        self._engine = Engine(engine.pool.recreate(), engine.dialect, engine.url)
        self._connection: Connection | None = None

    def try_acquire(self, holder: Holder) -> bool:
        """As MigrationLock's.

        Raises:
            SQLAlchemyError: there is no connection.
            LockedError: a pooler gives the session to others, who would have the lock with it.
        """
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Before anything is locked: the session would keep it, with nobody to give it back.
            try:
                self._require_own_session(self._connection)
            except BaseException:
                self._close()
                raise
        if not self._ask(self.sql.acquire):
            return False
        self.announce(holder)
        return True

    def is_held(self) -> bool:
        """As MigrationLock's: the server is asked whether this very session has it.

        Through a pooler that hands each statement to another session (PgBouncer with pool_mode = transaction) the
        answer is no: the lock was taken by one session, and another one is asked.
        """
        if self._connection is None:
            return False
        try:
            return bool(self._ask(self.sql.is_held))
        except SQLAlchemyError:
            return False

    def announce(self, holder: Holder) -> bool:
        """As MigrationLock's: the text stands beside the session, where the server shows one.

        One statement does both: each is a way to the server and back.
        """
        if self._connection is None:
            return False
        if self.sql.announce is None:
            return self.is_held()
        shown = f"{PREFIX} {holder.pid}@{holder.host} {holder.doing}".strip()[:63]
        try:
            return bool(self._ask(f"SELECT ({self.sql.is_held}), ({self.sql.announce})", {"text": shown}))
        except SQLAlchemyError:
            return False

    def holder(self) -> Holder | None:
        """As MigrationLock's."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(text(self.sql.holder), self._key).first()
        except SQLAlchemyError:
            return None
        return _holder(*row) if row else None

    def release(self) -> None:
        """As MigrationLock's."""
        if self._connection is None:
            return
        with contextlib.suppress(SQLAlchemyError):
            self._ask(self.sql.release)
        self._close()

    def _close(self) -> None:
        with contextlib.suppress(SQLAlchemyError):
            if self._connection is not None:
                # Not into a pool: the session must end.
                self._connection.invalidate()
                self._connection.close()
        self._connection = None
        self._engine.dispose()

    def _require_own_session(self, connection: Connection) -> None:
        if not self.rules.is_behind_pooler(connection):
            return
        self.rules.without_prepared(connection)
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            self.rules.without_prepared(other)
            first = self._session(connection)
            for _ in range(_LOOKS):
                others = self._session(other)
                if others == first or self._session(connection) != first:
                    raise LockedError(
                        "A pooler gives the session of this connection to others (PgBouncer with pool_mode = "
                        "transaction), so the session's lock keeps nobody away. Nothing was run.",
                        hint='"MIGRATION_LOCK": "row" in DATABASES, or a URL that leads straight to the server',
                    )

    def _session(self, connection: Connection) -> Any:
        return connection.exec_driver_sql(str(self.rules.session_id)).scalar()

    def _ask(self, query: str, values: Mapping[str, Any] = MappingProxyType({})) -> Any:
        assert self._connection is not None
        return self._connection.execute(_prepared(query), {**self._key, **values}).scalar()


@cache
def _prepared(query: str) -> TextClause:
    return text(query)


def _holder(number: Any, user: Any, host: Any, shown: Any) -> Holder:
    """What the server knows; what the holder says of itself where it does."""
    words = str(shown or "").split(maxsplit=2)
    if len(words) > 1 and words[0] == PREFIX and "@" in words[1]:
        pid, _, own_host = words[1].partition("@")
        return Holder(
            own_host, int(pid) if pid.isdigit() else None, str(user), None, words[2] if len(words) > 2 else ""
        )
    return Holder(str(host or ""), int(number), str(user or ""))
