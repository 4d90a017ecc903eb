"""Rows of any database: fixtures in any order, emptied tables, the next number of a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.ddl import AnyDDL

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, Table


class AnyRows(AnyDDL):
    """Writes rows; the defaults are those of a database of which nothing is known."""

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """While entered, all queries of `connection` see the rows of one moment; entered outside of a transaction."""
        if self.snapshot_level is not None:
            connection.execution_options(isolation_level=self.snapshot_level)
        yield

    def key_checks(self, connection: Connection) -> KeyChecks:
        """What is done about foreign keys while rows are loaded, in the order in which they come."""
        return KeyChecks(connection)

    def insert(self, table: Table, numbers_identity: bool) -> Insert:
        """An INSERT.

        Args:
            table: the table.
            numbers_identity: whether it gives values for columns that the database alone numbers.
        """
        from sqlalchemy import insert

        return insert(table)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """The statements that delete all rows of tables, and have their numbers begin anew.

        Args:
            connection: to the database, which has all of the tables.
            tables: those that refer to others come first.
        """
        return [f"DELETE FROM {self.path_of(table)}" for table in tables]

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """The statements after which a table's numbers go on behind the highest; none where they do by themselves."""
        return ()

    def sequences_of(self, table: Table) -> Iterator[tuple[str, str]]:
        """The columns of a table that take their numbers from sequences that stand apart, and those, in SQL."""
        for column in table.columns:
            if column.default is not None and column.default.is_sequence:
                sequence: Any = column.default
                yield column.name, ".".join(self.quoted(part) for part in (sequence.schema, sequence.name) if part)


class KeyChecks:
    """Foreign keys while rows are loaded; all of it in the one transaction of the load.

    By default the database checks each row at once.

    Args:
        connection: the one that loads.
    """

    checks_itself = True
    """Whether the database refuses, at the end at the latest, a row whose parent does not exist."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self) -> None:
        """Let rows come before their parents, as far as that goes without touching a table."""

    def defer(self, table: Table) -> bool:
        """Let rows of `table` come before their parents; False where nothing more can be done."""
        return False

    def end(self) -> None:
        """Check what was put off.

        Raises:
            IntegrityError: a row has no parent.
        """

    def restore(self) -> None:
        """Put the session back as it was; called also after a failure."""
