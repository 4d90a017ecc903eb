"""How any database is reached: why not, and the client's command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

    from alembic_manage.dialects.plain_database import PlainDatabase


class ConnectionFailure(Enum):
    """Why there is no connection, as far as the driver's error tells."""

    DOWN = "the server does not answer"
    PASSWORD = "the user name or the password is wrong"
    MISSING = "there is no such database"
    FILE = "the file cannot be opened"
    OTHER = "the driver refused"


@dataclass(frozen=True)
class ShellCall:
    """How to start the database's own command-line client."""

    argv: tuple[str, ...]
    """Program and arguments; never a password, which other users of the machine could read there."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables to add to the environment: the password goes here."""
    other_programs: tuple[str, ...] = ()
    """Programs that understand the same arguments, for where the first of `argv` is not installed."""
    install: str | None = None
    """A command that installs the program."""


class AnyClient(Facts):
    """Reaches the database; the defaults are those of a database of which nothing is known."""

    def resolve(self, url: URL, root: Path) -> URL:
        """`url` with what is relative in it made absolute: against `root`, not the current folder."""
        return url

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why the driver did not connect, from its error."""
        return ConnectionFailure.DOWN if isinstance(error, OSError) else ConnectionFailure.OTHER

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """A command that helps against `failure`, or None."""
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall | None:
        """The client's command line for `url`, followed by the user's `parameters`; None where no client can open it.

        What the URL's query says to the driver counts for the client too, as far as it knows the same.
        """
        return None

    def plain_database(self, driver: str, url: str, options: Mapping[str, Any], root: Path) -> PlainDatabase | None:
        """The database as it is asked without SQLAlchemy, if it is what an engine opens; None where it cannot be.

        Args:
            driver: SQLAlchemy's name of it.
            url: as it is written.
            options: of the engine.
            root: what a relative path is relative to.
        """
        if driver not in self.plain_drivers:
            return None
        from alembic_manage.dialects.plain_server import PlainServer

        return PlainServer(self.plain_drivers[driver], self.has_table, url, options)
