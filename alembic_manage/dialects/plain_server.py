"""A server, as its driver reaches it without SQLAlchemy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from alembic_manage.dialects.plain_database import PlainDatabase

if TYPE_CHECKING:
    from sqlalchemy import URL

    from alembic_manage.dialects.plain_driver import PlainDriver

_OWN_DIALECTS = "sqlalchemy.dialects."
"""Where SQLAlchemy keeps its own dialects; one of somebody else may connect in any way."""
_NOT_ABOUT_CONNECTING = frozenset(
    ("echo", "pool_pre_ping", "pool_size", "max_overflow", "pool_recycle", "pool_timeout", "pool_use_lifo")
)
"""Options of an engine that do not say how to connect."""
_ARGUMENTS = "connect_args"
_PLUGIN = "plugin"
"""What a URL says to SQLAlchemy, and not to the driver."""
_URL = re.compile(
    r"[^:]+://(?:(?P<username>[^:/?@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>[^:/?@\[\]]*)(?::(?P<port>\d+))?(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?"
)


class PlainServer(PlainDatabase):
    """One database of a server.

    Args:
        driver: that reaches it.
        has_table: a query that gives a row where a session has a table, with a place for `{name}`.
        url: as it is written.
        options: of the engine, of which the arguments for the driver count.
    """

    def __init__(self, driver: PlainDriver, has_table: str, url: str, options: Mapping[str, Any]) -> None:
        self._driver = driver
        self._has_table = has_table
        self._arguments = {**_arguments_of(url, driver.database), **options.get(_ARGUMENTS, {})}

    def is_what_opens(self, url: URL, options: Mapping[str, Any]) -> bool:
        """Whether SQLAlchemy's own dialect hands the driver the same arguments."""
        kind: Any = url.get_dialect()
        if not kind.__module__.startswith(_OWN_DIALECTS) or _PLUGIN in url.query:
            return False
        if not options.keys() <= _NOT_ABOUT_CONNECTING | {_ARGUMENTS}:
            return False
        words, found = kind(dbapi=kind.import_dbapi()).create_connect_args(url)
        asked = {name: value for name, value in found.items() if name not in self._driver.about_results}
        return not words and {**asked, **options.get(_ARGUMENTS, {})} == self._arguments

    def read(self, queries: Mapping[str, str]) -> Mapping[str, list[tuple[Any, ...]]] | None:
        """The rows of each query whose table is there, on one connection."""
        driver = import_module(self._driver.module)
        with closing(driver.connect(**self._arguments)) as connection:
            cursor = connection.cursor()

            def rows(query: str) -> list[tuple[Any, ...]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            try:
                there = [table for table in queries if rows(self._has_table.format(name=table))]
                return {table: rows(queries[table]) for table in there}
            except driver.Error:
                return None


def _arguments_of(url: str, database: str) -> dict[str, Any]:
    """What a URL says to a driver, which has the given word for the database; SQLAlchemy may read it in another way."""
    found = _URL.fullmatch(url)
    if found is None:
        return {}
    names = {"username": "user", "database": database}
    said = {names.get(part, part): unquote(text) for part, text in found.groupdict().items() if text}
    query = dict(parse_qsl(found["query"] or ""))
    said.pop("query", None)
    port = {"port": int(said["port"])} if "port" in said else {}
    return {**said, **port, **query}
