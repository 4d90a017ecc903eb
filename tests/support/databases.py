"""Databases: a fresh one for each test, on each kind of server."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from alembic_manage.dialects import Dialect, dialect_named

NAMES = ("sqlite", "postgresql", "mariadb")
ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "mysql": "mysql+aiomysql"}
# Leftover connections make DROP DATABASE wait; a test had rather fail.
_BEFORE_DROP = {"mysql": "SET SESSION lock_wait_timeout = 10"}
_DROP = {"postgresql": "DROP DATABASE IF EXISTS {} WITH (FORCE)", "mysql": "DROP DATABASE IF EXISTS {}"}
# Files are copied, not written to the log page by page: a third of the work. Source: PostgreSQL 15 manual,
# "CREATE DATABASE", "strategy".
_CREATE = {
    "postgresql": "CREATE DATABASE {} TEMPLATE template0 STRATEGY FILE_COPY",
    "mysql": "CREATE DATABASE {} CHARACTER SET utf8mb4",
}


@cache
def _owner(server: URL) -> Engine:
    """Makes databases on `server`, over one connection for all of them."""
    return create_engine(server, isolation_level="AUTOCOMMIT")


@contextmanager
def fresh_database(server: URL) -> Iterator[URL]:
    """A database with a name of its own on `server`, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"am_{worker}_{uuid.uuid4().hex[:12]}"
    backend = server.get_backend_name()
    engine = _owner(server)
    with engine.connect() as connection:
        connection.execute(text(_CREATE[backend].format(name)))
    try:
        yield server.set(database=name)
    finally:
        with engine.connect() as connection:
            if backend in _BEFORE_DROP:
                connection.execute(text(_BEFORE_DROP[backend]))
            connection.execute(text(_DROP[backend].format(name)))


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], URL]]:
    """Makes empty databases: `new_database("postgresql")` gives the URL of one."""
    with ExitStack() as databases:

        def make(name: str) -> URL:
            if name == "sqlite":
                return URL.create("sqlite", database=str(tmp_path / f"{uuid.uuid4().hex}.sqlite3"))
            return databases.enter_context(fresh_database(request.getfixturevalue(f"{name}_server")))

        yield make


@pytest.fixture(params=NAMES)
def database_url(request: pytest.FixtureRequest, new_database: Callable[[str], URL]) -> str:
    """The URL of an empty database; each test runs once for each kind of database."""
    return new_database(request.param).render_as_string(hide_password=False)


@pytest.fixture(params=NAMES)
def async_database_url(request: pytest.FixtureRequest, new_database: Callable[[str], URL]) -> str:
    """As `database_url`, with a driver for asyncio."""
    url = new_database(request.param)
    return url.set(drivername=ASYNC_DRIVERS[url.get_backend_name()]).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(new_database: Callable[[str], URL]) -> str:
    """The URL of a new SQLite file: for what only SQLite has (PRAGMAs, rebuilt tables)."""
    return new_database("sqlite").render_as_string(hide_password=False)


@pytest.fixture
def postgresql_url(new_database: Callable[[str], URL]) -> str:
    """The URL of a new PostgreSQL database: for what only PostgreSQL has (schemas, CREATE INDEX CONCURRENTLY)."""
    return new_database("postgresql").render_as_string(hide_password=False)


def where(can: Callable[[Dialect], bool]) -> pytest.MarkDecorator:
    """Run a test on the databases that can do something: `@where(lambda dialect: dialect.transactional_ddl)`."""
    names = [name for name in NAMES if can(dialect_named(name))]
    return pytest.mark.parametrize("database_url", names, indirect=True)
