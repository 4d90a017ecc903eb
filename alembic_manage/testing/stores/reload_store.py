"""A server that copies no database by itself: MariaDB and MySQL. All of it once, and later only what a test changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from alembic_manage.environment import Environment
from alembic_manage.errors import ConnectionFailedError
from alembic_manage.testing.stores.reload import Reload, rows_of
from alembic_manage.testing.stores.server_store import LOCK_TIMEOUT_S, ServerStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SESSIONS = "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = %s AND ID <> CONNECTION_ID()"


@dataclass(frozen=True)
class _State:
    """What a copy looks like."""

    definitions: frozenset[tuple[Any, ...]]
    """What only DDL changes."""
    rows: dict[str, tuple[Any, ...]]
    """By table or sequence: what shows that its rows, or its counter, have changed."""


class ReloadStore(ServerStore):
    """Copies by the statements that SHOW CREATE gives.

    A copy that was used is mended: the tables whose rows changed are filled again. Where more than rows changed, all of
    it is made anew.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._states: dict[str, _State] = {}

    def drop_by(self, connection: Connection, name: str) -> None:
        """As ServerStore's. Who is connected has to go: an open transaction would be waited for."""
        connection.exec_driver_sql(f"SET SESSION lock_wait_timeout = {LOCK_TIMEOUT_S}")
        for id in connection.exec_driver_sql(_SESSIONS, (name,)).scalars().all():
            with suppress(DBAPIError):  # it is gone by itself
                connection.exec_driver_sql(f"KILL {id}")
        super().drop_by(connection, name)

    def copy(self, name: str) -> None:
        """As Store's."""

        def copy(connection: Connection) -> None:
            self.drop_by(connection, name)
            self.make_by(connection, name)
            self._reload(connection, name).everything()

        self.on_server(copy)
        self._states[name] = self.inside(name, lambda connection: self._read(connection, name))

    def restore(self, name: str) -> None:
        """As Store's."""
        if not self._is_mended(name):
            self.copy(name)

    def _is_mended(self, name: str) -> bool:
        try:
            return self.inside(name, lambda connection: self._mended(connection, name))
        except ConnectionFailedError:
            return False

    def _mended(self, connection: Connection, name: str) -> bool:
        """Whether filling tables again was enough."""
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        before, now = self._states[name], self._read(connection, name)
        if now.definitions != before.definitions:
            return False
        changed = [each for each, rows in before.rows.items() if now.rows[each] != rows]
        try:
            return self._reload(connection, name).refill(changed)
        except DBAPIError as error:
            if error.orig is None or not self.environment.database.dialect.is_lock_failure(error.orig):
                raise
            return False  # a test has left a transaction open

    def _reload(self, connection: Connection, name: str) -> Reload:
        return Reload(connection, self.environment.database.dialect, self.name, name)

    def _read(self, connection: Connection, name: str) -> _State:
        reload = self._reload(connection, name)
        reload.use(name)
        objects = reload.objects(name)
        names = [each.name for each in objects]
        pictures = self.environment.database.dialect.picture(connection, names) if names else ()
        kinds = {(each.name, each.kind) for each in objects}
        return _State(frozenset({*(tuple(row) for row in pictures or ()), *kinds}), rows_of(reload, objects))
