"""A session of any database: locks, time-outs, what guards a revision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.facts import Facts

if TYPE_CHECKING:
    from sqlalchemy import Connection


AS_IT_STANDS: Mapping[str, Any] = {"no_parameters": True}
"""Execution options for SQL of our own: no driver takes a percent sign in it for the place of a value."""


class AnySession(Facts):
    """Guards a session; the defaults are those of a database of which nothing is known."""

    @contextmanager
    def migration_session(self, connection: Connection) -> Iterator[None]:
        """Prepare `connection` for running revisions, and put everything back afterwards.

        Transactions are transactions, also where the engine was made with isolation_level="AUTOCOMMIT"; SQLAlchemy
        gives the connection its own level back when it is closed.

        Entered outside of a transaction.
        """
        if is_autocommit(connection):
            connection.execution_options(isolation_level=connection.default_isolation_level or "READ COMMITTED")
        yield

    def is_behind_pooler(self, connection: Connection) -> bool:
        """Whether something stands between the driver and the server that may change the session from one transaction
        to the next; false where nothing tells.
        """
        return False

    def without_prepared(self, connection: Connection) -> None:
        """Let the driver prepare no statement by itself: the next transaction may be in a session without it."""

    def is_lock_failure(self, error: BaseException) -> bool:
        """Whether the driver's error says that others held a lock for too long, so that trying again may help."""
        return False

    def is_table_changing(self, error: BaseException) -> bool:
        """Whether the driver's error says that another session makes or alters the table just then.

        The same query succeeds in a new transaction.
        """
        return False

    def is_statement_timeout(self, error: BaseException) -> bool:
        """Whether the driver's error says that a statement took longer than it may."""
        return False

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Which sessions hold locks on what a statement names, a line each; none where the server does not tell.

        Args:
            connection: to the database, outside of a transaction.
            statement: the one that waited.
        """
        return ()

    def file_of(self, connection: Connection) -> str | None:
        """The path of the file that a connection works on; None where there is none."""
        return None

    def loss_in_foreign_transaction(self, connection: Connection) -> str | None:
        """What a rebuilt table could lose in a transaction that began before the guard; None where nothing is lost."""
        return None

    @contextmanager
    def revision_guard(
        self, connection: Connection, *, may_rebuild_tables: Callable[[], bool]
    ) -> Iterator[RevisionGuard]:
        """Prepare `connection` for one revision; entered and left outside of the revision's transaction.

        Args:
            connection: the one that the revision will use.
            may_rebuild_tables: says whether the revision may drop a table and put another in its place; asked only
                where that matters.
        """
        yield RevisionGuard()


class RevisionGuard:
    """What a dialect checks inside a revision's transaction, before it is committed."""

    def before_commit(self, connection: Connection) -> str | None:
        """What the revision broke, in one line; None where all is well."""
        return None


def is_autocommit(connection: Connection) -> bool:
    """Whether the driver commits each statement by itself."""
    driver = connection.connection.dbapi_connection
    try:
        return bool(connection.dialect.detect_autocommit_setting(driver))  # type: ignore[arg-type]
    except (AttributeError, NotImplementedError, TypeError):
        return getattr(driver, "autocommit", False) is True
