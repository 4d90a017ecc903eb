"""What is fine on a developer's machine and not in production."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import SettingsError
from alembic_manage.project import Project

if TYPE_CHECKING:
    from alembic_manage.database import Database

TAG = "deploy"
NEEDS_DATABASE = False
DEPLOY = True

_LOCAL = (None, "", "localhost", "127.0.0.1", "::1")
_ADMINISTRATORS = ("root", "postgres")
_TLS = ("sslmode", "ssl", "ssl_ca", "ssl_mode")


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Every habit of development in the settings of the databases."""
    for alias in databases or project.aliases:
        try:
            database = project.database(alias)
        except SettingsError:
            continue  # settings.E001 has said it
        yield from _of_database(database)


def _of_database(database: Database) -> Iterator[Problem]:
    alias, url = database.alias, database.url
    if database.dialect.is_file:
        yield _warning("001", f"Database '{alias}' is a file ({url.database}): one writer at a time, on one machine.")
        return
    if url.username in _ADMINISTRATORS:
        yield _warning("002", f"Database '{alias}' is used as '{url.username}', who may do anything on the server.")
    if not url.password and url.host:
        yield _warning("003", f"Database '{alias}' has no password in its URL.")
    tls = any(name in url.query or name in database.options.get("connect_args", {}) for name in _TLS)
    if url.host not in _LOCAL and not tls:
        yield _warning("004", f"The connection to database '{alias}' ({url.host}) does not ask for TLS.")
    if database.options.get("echo"):
        yield _warning("005", f"Database '{alias}' prints every statement, with its values, to the log (echo).")


_HINTS = {
    "001": 'DATABASE_URL="postgresql+psycopg://user:password@host/name"',
    "002": "create a role that owns only this database",
    "003": "python manage.py diffsettings shows where the URL comes from",
    "004": "add ?sslmode=verify-full (PostgreSQL) or ?ssl_ca=FILE (MariaDB) to the URL",
    "005": "SQL_ECHO=0",
}


def _warning(number: str, message: str) -> Problem:
    return Problem(f"deploy.W{number}", Level.WARNING, message, _HINTS[number])
