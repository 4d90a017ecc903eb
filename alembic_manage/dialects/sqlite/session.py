"""A session of SQLite: locks, time-outs, what guards a revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect
from alembic_manage.dialects.session import RevisionGuard

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class SQLiteSession(Dialect):
    """Guards a session of SQLite."""

    def is_lock_failure(self, error: BaseException) -> bool:
        """SQLITE_BUSY and SQLITE_LOCKED. Source: SQLite documentation, "Result and Error Codes"."""
        return "is locked" in str(error)

    def file_of(self, connection: Connection) -> str | None:
        """The file of the main database. Source: SQLite documentation, "PRAGMA database_list"."""
        rows = connection.exec_driver_sql("PRAGMA database_list").all()
        return next((row[2] for row in rows if row[1] == "main" and row[2]), None)

    @contextmanager
    def migration_session(self, connection: Connection) -> Iterator[None]:
        """Every transaction of `connection` begins with BEGIN IMMEDIATE, so that DDL belongs to it.

        Python's sqlite3 begins a transaction only before INSERT, UPDATE, DELETE and REPLACE; with `isolation_level`
        None it begins none, and ours counts. Alembic's `autocommit_block()` sets SQLAlchemy's AUTOCOMMIT, and a
        transaction is then left out.
        Source: Python manual, sqlite3, "Transaction control via the isolation_level attribute".

        A file that is empty at the beginning waits for the disk once, at the end; see `_disk_at_the_end`.
        """
        from sqlalchemy import event

        def begin(begun: Connection) -> None:
            if begun is not connection or connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
                return
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                return  # the project has a listener of its own that begins
            _driver(connection).isolation_level = None
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        driver = connection.connection.driver_connection
        by_driver = getattr(driver, "autocommit", None) is False  # Python 3.12: the driver is always in a transaction
        if by_driver:
            driver.autocommit = True  # type: ignore[union-attr]
            # LEGACY_TRANSACTION_CONTROL: while it is True, commit() does nothing, and ours would be lost.
            driver.autocommit = -1  # type: ignore[union-attr]
        level = _driver(connection).isolation_level
        # Not on the connection: what listens there is called before the project's own listener on the engine.
        engine = _root_engine(connection)
        event.listen(engine, "begin", begin)
        try:
            with _disk_at_the_end(connection):
                yield
        finally:
            event.remove(engine, "begin", begin)
            if not connection.closed and not connection.invalidated:
                _driver(connection).isolation_level = level
                if by_driver:
                    driver.autocommit = False  # type: ignore[union-attr]

    def loss_in_foreign_transaction(self, connection: Connection) -> str | None:
        """Child rows, where foreign keys are enforced: inside a transaction that cannot be switched off."""
        return "the rows that refer to a rebuilt table" if _is_enforced(connection) else None

    @contextmanager
    def revision_guard(
        self, connection: Connection, *, may_rebuild_tables: Callable[[], bool]
    ) -> Iterator[RevisionGuard]:
        """Foreign keys are not enforced while a table may be rebuilt: dropping the old one would delete its children.

        PRAGMA foreign_keys does nothing inside a transaction, therefore it stands around it.
        Source: SQLite documentation, "ALTER TABLE", section 7, and "PRAGMA foreign_keys".
        """
        enforced = _is_enforced(connection)
        switch = enforced and may_rebuild_tables()
        guard = RevisionGuard() if enforced and not switch else ForeignKeyGuard(_orphans(connection))
        if switch:
            _pragma(connection, "foreign_keys=OFF")
        try:
            yield guard
        finally:
            if switch and not connection.closed and not connection.invalidated:
                # After a failed COMMIT the driver is still in the transaction, where the PRAGMA would do nothing.
                _driver(connection).rollback()
                _pragma(connection, "foreign_keys=ON")
                if not _is_enforced(connection):
                    connection.invalidate()


class ForeignKeyGuard(RevisionGuard):
    """Sees to it that a revision leaves no more rows without a parent than it found."""

    def __init__(self, before: Counter[tuple[str, str]]) -> None:
        self.before = before

    def before_commit(self, connection: Connection) -> str | None:
        """The first pair of tables between which new orphans appeared. Source: "PRAGMA foreign_key_check"."""
        for (child, parent), count in (_orphans(connection) - self.before).items():
            said = f"1 row of {child} refers" if count == 1 else f"{count:,} rows of {child} refer"
            return f"{said} to rows of {parent} that do not exist"
        return None


def _is_enforced(connection: Connection) -> bool:
    return _pragma(connection, "foreign_keys")[0][0] == 1


def _orphans(connection: Connection) -> Counter[tuple[str, str]]:
    """The number of rows without a parent, by child and parent table."""
    from sqlite3 import DatabaseError

    try:
        rows = _pragma(connection, "foreign_key_check")
    except DatabaseError:
        # One key that refers to no unique column ("foreign key mismatch") stops the whole check: go table by table.
        rows = [row for table in _tables(connection) for row in _orphans_of(connection, table)]
    return Counter((str(child), str(parent)) for child, _, parent, _ in rows)


def _orphans_of(connection: Connection, table: str) -> list[Sequence[object]]:
    from sqlite3 import DatabaseError

    quoted = table.replace('"', '""')
    try:
        return _pragma(connection, f'foreign_key_check("{quoted}")')
    except DatabaseError:
        return []


def _tables(connection: Connection) -> list[str]:
    return [
        str(name) for schema, name, kind, *_ in _pragma(connection, "table_list") if (schema, kind) == ("main", "table")
    ]


def _pragma(connection: Connection, text: str) -> list[Sequence[object]]:
    """The rows of a PRAGMA, run on the driver's own connection, so that SQLAlchemy begins no transaction for it."""
    cursor = _driver(connection).cursor()
    try:
        cursor.execute(f"PRAGMA {text}")
        return list(cursor.fetchall())
    finally:
        cursor.close()


@contextmanager
def _disk_at_the_end(connection: Connection) -> Iterator[None]:
    """Where the database is empty when this is entered, wait for the disk when it is left, and not at every commit.

    A process that is killed loses nothing by it: what it has written is the operating system's. A power failure before
    the end can spoil the file, and that holds only what this very run has made.
    Source: SQLite documentation, "PRAGMA synchronous", and "Atomic Commit In SQLite", 3.7.
    """
    if _pragma(connection, "page_count")[0][0] != 0:
        yield
        return
    level = _pragma(connection, "synchronous")[0][0]
    _pragma(connection, "synchronous=OFF")
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            # After a failed COMMIT the driver is still in the transaction, where the PRAGMA would do nothing.
            _driver(connection).rollback()
            _pragma(connection, f"synchronous={level}")
            # A commit waits until all of the file is on the disk, so one that changes nothing is enough; where another
            # process is writing, its own will do.
            with suppress(connection.dialect.loaded_dbapi.Error):
                _pragma(connection, f"user_version={_pragma(connection, 'user_version')[0][0]}")


def _root_engine(connection: Connection) -> Engine:
    """The engine that was made; `execution_options()` makes others around it."""
    engine = connection.engine
    while hasattr(engine, "_proxied"):
        engine = engine._proxied
    return engine


def _driver(connection: Connection) -> Any:
    """The DBAPI connection: sqlite3's own, or SQLAlchemy's adapter around aiosqlite's."""
    return connection.connection.dbapi_connection
