"""The pessimistic defaults that hold for a database of which nothing is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Connection


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


@dataclass(frozen=True)
class Dialect:
    """One kind of database; the defaults are those of a database that can nothing."""

    names: tuple[str, ...]
    """SQLAlchemy's backend names for it."""
    title: str
    """Its name in messages."""
    transactional_ddl: bool = False
    """Whether DDL can be rolled back."""
    needs_batch: bool = False
    """Whether most ALTERs need a rebuilt table (Alembic's batch mode)."""
    drivers: Mapping[str, str] = field(default_factory=dict)
    """The distribution to install for each SQLAlchemy driver name."""
    is_file: bool = False
    """Whether the database of a URL is a file of this machine."""
    scratch_url: str | None = None
    """An empty database that exists only while it is open, or None where there is no such thing."""

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

    @contextmanager
    def migration_session(self, connection: Connection) -> Iterator[None]:
        """Prepare `connection` for running revisions, and put everything back afterwards.

        Transactions are transactions, also where the engine was made with isolation_level="AUTOCOMMIT"; SQLAlchemy
        gives the connection its own level back when it is closed.

        Entered outside of a transaction.
        """
        if _is_autocommit(connection):
            connection.execution_options(isolation_level=connection.default_isolation_level or "READ COMMITTED")
        yield

    def loss_in_foreign_transaction(self, connection: Connection) -> str | None:
        """What a rebuilt table could lose in a transaction that began before the guard; None where nothing is lost."""
        return None

    @contextmanager
    def revision_guard(self, connection: Connection, *, may_rebuild_tables: bool) -> Iterator[RevisionGuard]:
        """Prepare `connection` for one revision; entered and left outside of the revision's transaction.

        Args:
            connection: the one that the revision will use.
            may_rebuild_tables: whether the revision may drop a table and put another in its place.
        """
        yield RevisionGuard()


class RevisionGuard:
    """What a dialect checks inside a revision's transaction, before it is committed."""

    def before_commit(self, connection: Connection) -> str | None:
        """What the revision broke, in one line; None where all is well."""
        return None


def _is_autocommit(connection: Connection) -> bool:
    """Whether the driver commits each statement by itself."""
    driver = connection.connection.dbapi_connection
    try:
        return bool(connection.dialect.detect_autocommit_setting(driver))  # type: ignore[arg-type]
    except (AttributeError, NotImplementedError, TypeError):
        return getattr(driver, "autocommit", False) is True
