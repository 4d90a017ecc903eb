"""Databases on a server: what is the same, however they are copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from alembic_manage.environment import Environment
from alembic_manage.scratch import on_server
from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.stores.databases import Databases
from alembic_manage.testing.stores.store import COPY_INFIX

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.dialects import ScratchSQL

T = TypeVar("T")
LOCK_TIMEOUT_S = 10
"""How long to wait for what a test has left open, in seconds."""
LONGEST_NAME_BYTES = 63
"""Source: PostgreSQL 16 manual, 4.1.1 "Identifiers and Key Words"; MariaDB has one more."""


class ServerStore:
    """The server of an environment's database.

    Args:
        environment: the project's own.
    """

    def __init__(self, environment: Environment) -> None:
        sql = environment.database.dialect.scratch_sql
        assert sql is not None
        self.sql: ScratchSQL = sql
        self.environment = environment
        self._databases = Databases(environment, self.url)
        settings = environment.project.settings.database(environment.database.alias)
        self.name = settings.test_name or f"test_{environment.database.url.database}"

    def url(self, name: str) -> URL:
        """As Store's."""
        return self.environment.database.url.set(database=name)

    def copy_name(self, worker: str) -> str:
        """As Store's."""
        name = f"{self.name}{COPY_INFIX}{worker}"
        if len(name.encode()) > LONGEST_NAME_BYTES:
            raise TestDatabaseError(
                f"The name of a test database is too long: {name}",
                hint='a shorter one in DATABASES: "TEST": {"NAME": "test_shop"}',
            )
        return name

    def exists(self, name: str) -> bool:
        """As Store's."""
        return name in self._names(name)

    def copies(self) -> Sequence[str]:
        """As Store's."""
        prefix = f"{self.name}{COPY_INFIX}"
        return [name for name in self._names(prefix) if name.startswith(prefix)]

    def make(self, name: str) -> None:
        """As Store's."""
        self.on_server(lambda connection: self.make_by(connection, name))

    def make_by(self, connection: Connection, name: str) -> None:
        """Make an empty database, over a connection of `on_server`."""
        like = connection.exec_driver_sql(self.sql.like).scalar() if self.sql.like else None
        connection.exec_driver_sql(self.sql.create.format(name=name) + (like or ""))

    def drop(self, name: str) -> None:
        """As Store's."""
        self.on_server(lambda connection: self.drop_by(connection, name))

    def drop_by(self, connection: Connection, name: str) -> None:
        """Drop a database, over a connection of `on_server`."""
        connection.exec_driver_sql(self.sql.drop.format(name=name))

    def inside(self, name: str, work: Callable[[Connection], T]) -> T:
        """As Store's."""
        return self._databases.inside(name, work)

    def on_server(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, called with a connection on which each statement counts at once.

        Raises:
            NoScratchError: there is no connection.
            TestDatabaseError: the server refuses.
        """
        try:
            return on_server(self.environment, self.sql, work)
        except DBAPIError as error:
            said = self.environment.without_secrets(str(error.orig).strip().splitlines()[0])
            raise TestDatabaseError(
                f"The server of database '{self.environment.database.alias}' has no test database for us: {said}",
                hint="give its user the right to make databases; on PostgreSQL: ALTER ROLE name CREATEDB",
            ) from error

    def _names(self, prefix: str) -> list[str]:
        pattern = prefix.replace("_", r"\_").replace("'", "''").replace("%", r"\%")
        query = self.sql.find.format(name=pattern).replace("%", "%%")
        return self.on_server(lambda connection: [row[0] for row in connection.exec_driver_sql(query)])
