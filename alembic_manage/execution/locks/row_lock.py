"""A lock that is a row of a table: for poolers that give every transaction another session."""

from __future__ import annotations

import contextlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Engine, Integer, MetaData, String, Table, event, func, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from alembic_manage.alembic_plugin import LOCK_SUFFIX
from alembic_manage.dialects import dialect_named
from alembic_manage.execution.locks.lock import Holder, LockKey

EXPIRES_S = 60
"""How long a row counts after its owner last showed that it lives."""


class RowLock:
    """A row that names its owner, and that the owner renews; an owner that does not is taken to be dead.

    Unlike a session's lock it outlives its process, for EXPIRES_S seconds. So it must be renewed while a statement
    runs for longer than that; see Heartbeat.

    Args:
        engine: of the database; a connection is taken for each statement.
        key: what is locked.
    """

    def __init__(self, engine: Engine, key: LockKey) -> None:
        self._engine = Engine(engine.pool.recreate(), engine.dialect, engine.url)
        # It is asked again and again, through a pooler in another session each time.
        event.listen(self._engine, "engine_connect", dialect_named(engine.dialect.name).without_prepared)
        self._token = secrets.token_hex(16)
        self._name = key.name
        self.table = Table(
            f"{key.version_table}{LOCK_SUFFIX}",
            MetaData(),
            Column("name", String(64), primary_key=True),
            Column("token", String(32), nullable=False),
            Column("host", String(255), nullable=False),
            Column("pid", Integer),
            Column("user_name", String(255), nullable=False),
            Column("since", DateTime, nullable=False),
            Column("seen", DateTime, nullable=False),
            Column("doing", String(255), nullable=False),
            schema=key.schema or None,
        )

    def try_acquire(self, holder: Holder) -> bool:
        """As MigrationLock's."""
        with self._engine.connect() as connection:
            with contextlib.suppress(SQLAlchemyError):
                self.table.create(connection, checkfirst=True)
            connection.commit()
            now = _server_now(connection)
            columns = self.table.c
            stale = columns.seen < now - timedelta(seconds=EXPIRES_S)
            connection.execute(self.table.delete().where(columns.name == self._name, stale))
            connection.commit()
            try:
                connection.execute(self.table.insert().values(name=self._name, seen=now, **self._values(holder)))
                connection.commit()
            except IntegrityError:
                connection.rollback()
                return False
        return True

    def is_held(self) -> bool:
        """As MigrationLock's; asking renews it."""
        return self._update({})

    def announce(self, holder: Holder) -> None:
        """As MigrationLock's."""
        self._update(self._values(holder))

    def holder(self) -> Holder | None:
        """As MigrationLock's."""
        columns = self.table.c
        query = select(columns.host, columns.pid, columns.user_name, columns.since, columns.doing)
        try:
            with self._engine.connect() as connection:
                row = connection.execute(query.where(columns.name == self._name)).first()
        except SQLAlchemyError:
            return None
        return Holder(row[0], row[1], row[2], row[3].replace(tzinfo=UTC), row[4]) if row else None

    def release(self) -> None:
        """As MigrationLock's."""
        columns = self.table.c
        with contextlib.suppress(SQLAlchemyError), self._engine.begin() as connection:
            connection.execute(self.table.delete().where(columns.name == self._name, columns.token == self._token))
        self._engine.dispose()

    def _update(self, values: dict[str, Any]) -> bool:
        columns = self.table.c
        try:
            with self._engine.begin() as connection:
                mine = self.table.update().where(columns.name == self._name, columns.token == self._token)
                return connection.execute(mine.values(seen=_server_now(connection), **values)).rowcount == 1
        except SQLAlchemyError:
            return False

    def _values(self, holder: Holder) -> dict[str, Any]:
        since = (holder.since or datetime.now(UTC)).replace(tzinfo=None)
        return {
            "token": self._token,
            "host": holder.host[:255],
            "pid": holder.pid,
            "user_name": holder.user[:255],
            "since": since,
            "doing": holder.doing[:255],
        }


def _server_now(connection: Connection) -> datetime:
    """The server's clock: those of the machines that migrate need not agree."""
    found = connection.execute(select(func.current_timestamp())).scalar_one()
    if isinstance(found, str):
        found = datetime.fromisoformat(found)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
