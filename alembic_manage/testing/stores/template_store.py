"""A server that copies a whole database by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.testing.stores.server_store import ServerStore

if TYPE_CHECKING:
    from sqlalchemy import Connection


class TemplateStore(ServerStore):
    """Copies with CREATE DATABASE ... TEMPLATE, files and all. Source: PostgreSQL 16 manual, 23.3."""

    def copy(self, name: str) -> None:
        """As Store's."""
        statement = self.sql.copy
        assert statement is not None

        def copy(connection: Connection) -> None:
            connection.exec_driver_sql(self.sql.drop.format(name=name))
            connection.exec_driver_sql(statement.format(name=name, template=self.name))

        self.on_server(copy)

    def restore(self, name: str) -> None:
        """As Store's: a new copy, which costs less than finding out what changed."""
        self.copy(name)
