"""A migrated database for tests: a copy that belongs to this worker, and that is clean when a test begins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from alembic_manage.database import Database
from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.template import Template

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


class MigratedDatabase:
    """A database at the heads of the history, with no rows but those that migrations insert.

    Args:
        database: the copy of this worker, as the project would use it.
        template: where it comes from.
    """

    def __init__(self, database: Database, template: Template) -> None:
        self.database = database
        self._template = template
        self._is_used = False

    @property
    def url(self) -> URL:
        """Where it is: beside the database of the settings, under another name."""
        return self.database.url

    @property
    def engine(self) -> Engine | AsyncEngine:
        """An engine on it, of the kind that the project has: an AsyncEngine where its URL names an asyncio driver."""
        return self.database.engine

    @cached_property
    def sync_engine(self) -> Engine:
        """An engine that needs no event loop, whatever the project's driver is.

        Raises:
            TestDatabaseError: no driver for it is installed.
        """
        if not self.database.is_async:
            return cast("Engine", self.database.engine)
        return create_engine(self.url.set(drivername=self._sync_driver()))

    def changing(self) -> None:
        """Say that a test may change anything: the next one gets the database clean."""
        self._is_used = True

    def clean(self) -> None:
        """Make it what it was before the first test, if a test has changed it.

        Raises:
            TestDatabaseError: a test has left a transaction open.
        """
        if self._is_used:
            self.dispose()
            self._template.restore()
            self._is_used = False

    def dispose(self) -> None:
        """Close the connections of its engines."""
        self.database.dispose()
        if "sync_engine" in self.__dict__:
            self.sync_engine.dispose()

    @contextmanager
    def session(self, session_class: type[Session] = Session, **options: Any) -> Iterator[Any]:
        """A session in a transaction that is rolled back; what it commits, only it can see.

        Args:
            session_class: Session, or a class made of it.
            options: arguments of it.
        """
        self.clean()
        rules = self.database.dialect
        engine = self.sync_engine
        with self._rolled_back(), engine.connect() as connection, rules.migration_session(connection):
            transaction, savepoint = connection.begin(), connection.begin_nested()
            try:
                with session_class(bind=connection, join_transaction_mode="create_savepoint", **options) as session:
                    yield session
            finally:
                self._is_used = not _is_undone(savepoint)
                transaction.rollback()

    @asynccontextmanager
    async def async_session(self, **options: Any) -> AsyncIterator[AsyncSession]:
        """As `session`, for asyncio.

        Args:
            options: arguments of AsyncSession.
        """
        from sqlalchemy.ext.asyncio import AsyncSession

        self.clean()
        engine, rules = cast("AsyncEngine", self.engine), self.database.dialect
        with self._rolled_back():
            async with engine.connect() as connection:
                stack = ExitStack()
                await connection.run_sync(lambda sync: stack.enter_context(rules.migration_session(sync)))
                transaction = await connection.begin()
                savepoint = await connection.begin_nested()
                try:
                    mode: Any = "create_savepoint"
                    async with AsyncSession(bind=connection, join_transaction_mode=mode, **options) as session:
                        yield session
                finally:
                    undone = await connection.run_sync(lambda _: _is_undone(savepoint.sync_transaction))
                    self._is_used = not undone
                    await transaction.rollback()
                    await connection.run_sync(lambda _: stack.close())

    @contextmanager
    def _rolled_back(self) -> Iterator[None]:
        """Raise, where a test that was to be rolled back has committed; the next one gets the database clean.

        Raises:
            TestDatabaseError: it has.
        """
        failure: DBAPIError | None = None
        try:
            yield
        except DBAPIError as error:
            if not self._is_used:
                raise
            failure = error
        if self._is_used:
            raise TestDatabaseError(
                "A statement of the test has committed, as DDL does on MariaDB: the test could not be rolled back.",
                hint="use the fixture db, which may be changed at will: with Session(db) as session: ...",
            ) from failure

    def _sync_driver(self) -> str:
        backend, rules = self.url.get_backend_name(), self.database.dialect
        for name in (backend, *(f"{backend}+{driver}" for driver in rules.drivers)):
            dialect = self.url.set(drivername=name).get_dialect()
            try:
                if not dialect.is_async:
                    dialect.import_dbapi()
                    return name
            except ImportError:
                continue
        raise TestDatabaseError(
            f"db_session needs a driver without asyncio, and none for {rules.title} is installed.",
            hint=f"pip install '{next(iter(rules.drivers.values()))}', or in the test: "
            "async with migrated_database.async_session() as session: ...",
        )


def _is_undone(savepoint: Any) -> bool:
    """Roll back to a savepoint; false where it is gone, because a statement has committed (on MariaDB, DDL does)."""
    try:
        savepoint.rollback()
    except DBAPIError:
        return False
    return True
