"""A real database and a schema in memory that get the same lines of revisions, and are compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from alembic_manage.dialects import dialect_named
from alembic_manage.drift.description import Description, describe
from alembic_manage.drift.verification import Difference, differences
from alembic_manage.state.engine import state_engine
from alembic_manage.state.metadata import ddl_of, sql_of
from alembic_manage.state.schema import Schema
from support.operations import run_line


class StateRefusedError(AssertionError):
    """The state refused what the database took."""


class DatabaseRefusedError(AssertionError):
    """The database refused what the state took."""


class StateDiffersError(AssertionError):
    """The state is not what the database holds."""


class Twins:
    """Both, empty at first.

    Args:
        connection: to the real database, which is empty.
        naming_convention: that of the metadata which env.py would name.
    """

    def __init__(self, connection: sa.Connection, naming_convention: dict[str, str] | None = None) -> None:
        url = connection.engine.url
        rules = dialect_named(connection.dialect.name)
        self.connection = connection
        self.schema = Schema(rules, rules.schema_of(url))
        self.metadata = sa.MetaData(naming_convention=naming_convention)
        self.engine = state_engine(self.schema, url.get_backend_name())
        self.state_connection = self.engine.connect()
        self.ran = 0
        """How many lines both took."""
        self.refused = 0
        """How many lines both refused."""

    def close(self) -> None:
        """Give the state's connection back."""
        self.state_connection.close()

    @property
    def state_sql(self) -> list[str]:
        """The state as DDL."""
        return sql_of(self.schema, self.connection.dialect)

    def run(self, text: str) -> bool:
        """Run a line on both; whether they took it.

        Raises:
            StateRefusedError: only the database took it.
            DatabaseRefusedError: only the state took it.
        """
        before = self.schema.copy()
        said, refusal = self._run_really(text), None
        try:
            run_line(text, self._operations(self.state_connection))
        except Exception as error:
            refusal = error
            if self.schema.rules.transactional_ddl:
                self.schema.replace_with(before)
        self.ran += said is None
        self.refused += said is not None
        if said is None and refusal is not None:
            raise StateRefusedError(f"{text}\n{type(refusal).__name__}: {refusal}") from refusal
        if said is not None and refusal is None:
            if self.schema.rules.transactional_ddl:
                self.schema.replace_with(before)
            raise DatabaseRefusedError(f"{text}\n{said}") from said
        return said is None

    def _run_really(self, text: str) -> Exception | None:
        """What the database says against a line."""
        savepoint = self.connection.begin_nested() if self.schema.rules.transactional_ddl else None
        try:
            run_line(text, self._operations(self.connection))
        except Exception as error:
            if savepoint is not None:
                savepoint.rollback()
            return error
        if savepoint is not None:
            savepoint.commit()
        return None

    def _operations(self, connection: sa.Connection) -> Operations:
        return Operations(MigrationContext.configure(connection, opts={"target_metadata": self.metadata}))

    def description(self) -> Description:
        """What the database holds."""
        return describe(self.connection)

    def description_of_state(self) -> Description:
        """What an empty database holds after the state's DDL; the real one is emptied for it."""
        empty(self.connection)
        for element in ddl_of(self.schema, self.connection.dialect):
            self.connection.execute(element)
        return describe(self.connection)

    def differences(self) -> tuple[Difference, ...]:
        """Where they differ; the database is the state's afterwards."""
        found = self.description()
        return differences(self.description_of_state(), found)

    def compare(self) -> None:
        """Both hold the same.

        Raises:
            StateDiffersError: they do not.
        """
        found = self.description()
        try:
            expected = self.description_of_state()
        except DBAPIError as error:
            raise StateDiffersError(f"the state's DDL is refused: {error}") from error
        lines = [each.line for each in differences(expected, found)]
        if lines:
            raise StateDiffersError("\n".join(lines))


@contextmanager
def connection_to(url: Any) -> Iterator[sa.Connection]:
    """A connection whose DDL can be taken back, where the database can do that at all."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        # Python's sqlite3 begins transactions in its own way, and not for DDL.
        sa.event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def empty(connection: sa.Connection) -> None:
    """Take back all that was made."""
    connection.rollback()
    if dialect_named(connection.dialect.name).transactional_ddl:
        return
    connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
    for table in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE {connection.dialect.identifier_preparer.quote(table)}")
    connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")
    connection.rollback()
