"""The databases of a store, as something to connect to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from alembic_manage.database import Database
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.unpooled import without_pool

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

    from alembic_manage.environment import Environment

T = TypeVar("T")


class Databases:
    """Databases that are reached as an environment's own is, by their names.

    No connection outlives its use: a database to which one is open cannot be copied or dropped.

    Args:
        environment: the project's own.
        url: gives the URL of a name.
    """

    def __init__(self, environment: Environment, url: Callable[[str], URL]) -> None:
        self._environment = environment
        self._url = url
        self._known: dict[str, Database] = {}
        """By name: a new engine would ask the server about itself before each question."""

    def inside(self, name: str, work: Callable[[Connection], T]) -> T:
        """What `work` returns, called with a connection to a database.

        Raises:
            ConnectionFailedError: there is no connection; the database may be gone.
        """
        if name not in self._known:
            own, url = self._environment.database, self._url(name).render_as_string(hide_password=False)
            settings = DatabaseSettings(url, without_pool(own.options))
            self._known[name] = Database(own.alias, settings, self._environment.project.root)
        return self._known[name].run(work)
