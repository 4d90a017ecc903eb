"""A server that copies a whole database by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from alembic_manage.environment import Environment
from alembic_manage.errors import ConnectionFailedError
from alembic_manage.testing.stores.footprint import Footprint
from alembic_manage.testing.stores.server_store import LOCK_TIMEOUT_S, ServerStore

if TYPE_CHECKING:
    from sqlalchemy import Connection


class TemplateStore(ServerStore):
    """Copies with CREATE DATABASE ... TEMPLATE, files and all. Source: PostgreSQL 16 manual, 23.3.

    A copy in which only rows have come is emptied of them; any other change makes a new one.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._footprints: dict[str, Footprint] = {}

    def copy(self, name: str) -> None:
        """As Store's."""
        statement = self.sql.copy
        assert statement is not None

        def copy(connection: Connection) -> None:
            self.drop_by(connection, name)
            connection.exec_driver_sql(statement.format(name=name, template=self.name))

        self.on_server(copy)
        self._footprints[name] = self.inside(name, Footprint.of)

    def restore(self, name: str) -> None:
        """As Store's."""
        if not self._is_brought_back(name):
            self.copy(name)

    def _is_brought_back(self, name: str) -> bool:
        def bring_back(connection: Connection) -> bool:
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
            return self._footprints[name].brought_back(connection)

        try:
            return self.inside(name, bring_back)
        except (DBAPIError, ConnectionFailedError):
            return False
