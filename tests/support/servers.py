"""Database servers: those that the environment names, else the local ones, else a PostgreSQL out of a wheel."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from support.embedded_postgresql import EmbeddedPostgreSQL, is_installed

CONNECT_TIMEOUT_S = 5


@dataclass(frozen=True)
class Server:
    """A server that tests need."""

    title: str
    variable: str
    """The environment variable with its URL."""
    default: str

    @property
    def url(self) -> URL:
        """Where it should be; the account may create databases."""
        return make_url(os.environ.get(self.variable) or self.default)

    @property
    def absence(self) -> str:
        """Why its tests did not run; the terminal summary reads it."""
        address = f"{self.url.host or 'localhost'}:{self.url.port or '(default port)'}"
        return f"{self.title}: no server at {address}; set {self.variable}"


POSTGRESQL = Server("PostgreSQL", "TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
MARIADB = Server("MariaDB", "TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test")
_ABSENCE = re.compile(r"(\w+): (no server at \S+; set \w+)")


@cache
def is_reachable(url: URL) -> bool:
    """Whether a connection succeeds; tried once a session."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    try:
        engine.connect().close()
    except DBAPIError:
        return False
    return True


def is_ci() -> bool:
    """Whether every database must be there."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def not_run(server: Server) -> None:
    """Skip what needs `server`; in CI, fail."""
    if is_ci():
        pytest.fail(server.absence, pytrace=False)
    pytest.skip(server.absence)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The URL of a PostgreSQL server; where none is reachable, each worker starts one of its own."""
    if is_reachable(POSTGRESQL.url):
        yield POSTGRESQL.url
        return
    if not is_installed():
        not_run(POSTGRESQL)
    with EmbeddedPostgreSQL() as server:
        yield server.url


@pytest.fixture(scope="session")
def mariadb_server() -> URL:
    """The URL of a MariaDB server."""
    if not is_reachable(MARIADB.url):
        not_run(MARIADB)
    return MARIADB.url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each server that was missing: a skipped test is easily overlooked."""
    reasons = {str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])}
    for title, reason in sorted({match.groups() for text in reasons for match in _ABSENCE.finditer(text)}):
        terminalreporter.write_line(f"NOT RUN: {title} ({reason})", yellow=True, bold=True)
