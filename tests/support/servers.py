"""Database servers: those that the environment names, else the tests' own, else local ones, or one out of a wheel."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from support.embedded_postgresql import EmbeddedPostgreSQL, is_installed
from support.memory_disk import memory_disk
from support.own_servers import OwnMariaDB, OwnPostgreSQL, OwnServer, open_folder

CONNECT_TIMEOUT_S = 5


@dataclass(frozen=True)
class Server:
    """A server that tests need."""

    title: str
    variable: str
    """The environment variable with its URL."""
    default: str
    own: type[OwnServer]
    """Starts one, where its programs are installed. It waits for no disk, so that tests take half of the time."""

    @property
    def is_given(self) -> bool:
        """Whether the environment says where it is."""
        return bool(os.environ.get(self.variable))

    @property
    def url(self) -> URL:
        """Where it should be; the account may create databases."""
        return make_url(os.environ.get(self.variable) or self.default)

    @property
    def absence(self) -> str:
        """Why its tests did not run; the terminal summary reads it."""
        address = f"{self.url.host or 'localhost'}:{self.url.port or '(default port)'}"
        return f"{self.title}: no server at {address}; set {self.variable}"


POSTGRESQL = Server(
    "PostgreSQL", "TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres", OwnPostgreSQL
)
MARIADB = Server("MariaDB", "TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test", OwnMariaDB)
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


def not_run(server: Server) -> NoReturn:
    """Skip what needs `server`; in CI, fail."""
    if is_ci():
        pytest.fail(server.absence, pytrace=False)
    pytest.skip(server.absence)


@pytest.fixture(scope="session", autouse=True)
def no_authorities() -> Iterator[None]:
    """The certificates of authorities are left unread: PyMySQL reads all of them anew for each connection.

    That took twenty times as long as the rest of a connection, in processes of the tests' projects as well.
    Source: PyMySQL 1.2, pymysql/connections.py, `Connection.__init__`, "PREFERRED mode"; OpenSSL 3.0 manual,
    SSL_CTX_load_verify_locations, "SSL_CERT_FILE".
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", os.devnull)
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The URL of a PostgreSQL server."""
    with ExitStack() as stack:
        url = _running(POSTGRESQL, stack)
        if url is None and is_installed():
            url = stack.enter_context(EmbeddedPostgreSQL()).url
        yield url or not_run(POSTGRESQL)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[URL]:
    """The URL of a MariaDB server."""
    with ExitStack() as stack:
        yield _running(MARIADB, stack) or not_run(MARIADB)


def _running(server: Server, stack: ExitStack) -> URL | None:
    """The URL of a server that runs; each worker starts one of its own, which ends with `stack`."""
    if not server.is_given and not server.own.missing():
        return stack.enter_context(server.own(stack.enter_context(open_folder(memory_disk())))).url
    return server.url if is_reachable(server.url) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each server that was missing: a skipped test is easily overlooked."""
    reasons = {str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])}
    for title, reason in sorted({match.groups() for text in reasons for match in _ABSENCE.finditer(text)}):
        terminalreporter.write_line(f"NOT RUN: {title} ({reason})", yellow=True, bold=True)
