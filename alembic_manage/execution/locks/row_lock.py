"""A lock that is a row of a table: for poolers that give every transaction another session."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Engine, Integer, MetaData, String, Table, event, func, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from alembic_manage.alembic_plugin import LOCK_SUFFIX
from alembic_manage.dialects import dialect_named
from alembic_manage.execution.locks.heartbeat import Heartbeat
from alembic_manage.execution.locks.lock import Holder, LockKey

EXPIRES_S = 60.0
"""How long a row counts after its owner last showed that it lives, in seconds."""
_BEATS = 4
"""How often it does so in that time."""


class RowLock:
    """A row that names its owner, and that the owner renews; an owner that does not is taken to be dead.

    Unlike a session's lock it outlives its process, for `expires_s` seconds. A thread renews it, also while a statement
    runs for longer than that. Where it could not, the next migrator may take the row, and the owner learns of it from
    `is_held`; as long as nobody has, the row is still the owner's.

    Args:
        engine: of the database; a connection is taken for each statement.
        key: what is locked.
    """

    expires_s = EXPIRES_S

    def __init__(self, engine: Engine, key: LockKey) -> None:
        self._rules = dialect_named(engine.dialect.name)
        self._original = engine
        self._engine = self._own_engine()
        self._heartbeat: Heartbeat | None = None
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
            now = self._now(connection)
            columns = self.table.c
            stale = columns.seen < now - timedelta(seconds=self.expires_s)
            connection.execute(self.table.delete().where(columns.name == self._name, stale))
            connection.commit()
            try:
                connection.execute(self.table.insert().values(name=self._name, seen=now, **self._values(holder)))
                connection.commit()
            except IntegrityError:
                connection.rollback()
                return False
        self._heartbeat = Heartbeat(self._own_engine, self._renew, self.expires_s / _BEATS)
        self._heartbeat.start()
        return True

    def is_held(self) -> bool:
        """As MigrationLock's: whether the row is still this owner's; asking renews it."""
        return self._update({})

    def announce(self, holder: Holder) -> bool:
        """As MigrationLock's."""
        return self._update(self._values(holder))

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
        if self._heartbeat is not None:
            self._heartbeat.stop()
        columns = self.table.c
        with contextlib.suppress(SQLAlchemyError), self._engine.begin() as connection:
            connection.execute(self.table.delete().where(columns.name == self._name, columns.token == self._token))
        self._engine.dispose()

    def _update(self, values: dict[str, Any]) -> bool:
        try:
            with self._engine.connect() as connection:
                return self._renew(connection, values)
        except SQLAlchemyError:
            return False

    def _renew(self, connection: Connection, values: Mapping[str, Any] = MappingProxyType({})) -> bool:
        """Say that the owner lives, and what else there is to say; whether the row is still its own."""
        columns = self.table.c
        mine = self.table.update().where(columns.name == self._name, columns.token == self._token)
        renewed = connection.execute(mine.values(seen=self._now(connection), **values)).rowcount == 1
        connection.commit()
        return renewed

    def _own_engine(self) -> Engine:
        """One that shares no connection with that of the migrations."""
        original = self._original
        engine = Engine(original.pool.recreate(), original.dialect, original.url)
        # It is asked again and again, through a pooler in another session each time.
        event.listen(engine, "engine_connect", self._rules.without_prepared)
        return engine

    def _now(self, connection: Connection) -> datetime:
        """The server's clock (UTC): those of the machines that migrate need not agree."""
        query = self._rules.utc_now
        answer = connection.execute(text(query) if query else select(func.current_timestamp()))
        told = answer.scalar_one()
        found: datetime = datetime.fromisoformat(told) if isinstance(told, str) else told
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found

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
