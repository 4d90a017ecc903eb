"""The table that says: this database was made for tests. Without it nothing is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, insert, inspect, select

from alembic_manage.alembic_plugin import TEST_MARK

if TYPE_CHECKING:
    from sqlalchemy import Connection

# The row of the run has no file; every other row is a file of the history.
_TABLE = Table(
    TEST_MARK,
    MetaData(),
    Column("file", String(255), primary_key=True),
    Column("content", String(64), nullable=False),
)


@dataclass(frozen=True)
class Mark:
    """What a test database says of itself."""

    run: str = ""
    """The test run that migrated it; empty while that has not come to its end."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The checksums of the files that it was migrated with, by their paths."""

    def may_go_on(self, files: Mapping[str, str], revisions: frozenset[str]) -> bool:
        """Whether migrating it to what is new gives what migrating from nothing would.

        Args:
            files: the checksums of now.
            revisions: which of them are revisions: a new one is run, any other new file may mean anything.
        """
        new = set(files) - set(self.files)
        return self.run != "" and new <= revisions and all(files.get(path) == sum for path, sum in self.files.items())


def read_mark(connection: Connection) -> Mark | None:
    """The mark of a database; None where it has none."""
    if not inspect(connection).has_table(TEST_MARK):
        return None
    rows: dict[str, str] = {row.file: row.content for row in connection.execute(select(_TABLE))}
    return Mark(rows.pop("", ""), rows)


def write_mark(connection: Connection, mark: Mark) -> None:
    """Write the mark, in place of an earlier one, and commit."""
    _TABLE.create(connection, checkfirst=True)
    connection.execute(_TABLE.delete())
    rows = {**mark.files, **({"": mark.run} if mark.run else {})}
    if rows:
        connection.execute(insert(_TABLE), [{"file": file, "content": content} for file, content in rows.items()])
    connection.commit()
