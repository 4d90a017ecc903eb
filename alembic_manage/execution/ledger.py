"""The ledger: what ran, when, and whether it was faked; a table beside the version table that may be missing.

Nothing depends on it: the version table alone says where a database is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, inspect, select

from alembic_manage.alembic_plugin import ledger_name
from alembic_manage.plan import Direction, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

APPLIED = "applied"
FAKED = "faked"


class Ledger:
    """The ledger of the database that a context is connected to."""

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.table = Table(
            ledger_name(context.version_table),
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("revision", String(255), nullable=False),
            Column("direction", String(10), nullable=False),
            Column("started_at", DateTime, nullable=False),
            Column("finished_at", DateTime, nullable=False),
            Column("outcome", String(10), nullable=False),
            schema=context.version_table_schema,
        )

    def create_table(self) -> None:
        """Make the table, unless it is there."""
        assert self.context.connection is not None
        self.table.create(self.context.connection, checkfirst=True)

    def add(self, step: Step, started_at: datetime, *, faked: bool) -> None:
        """Add a row, in the transaction of the step.

        Args:
            step: what was done.
            started_at: when it began (UTC).
            faked: whether it was only recorded.
        """
        assert self.context.connection is not None
        self.context.connection.execute(
            self.table.insert().values(
                revision=step.revision.id,
                direction=step.direction.value,
                started_at=started_at.replace(tzinfo=None),
                finished_at=now().replace(tzinfo=None),
                outcome=FAKED if faked else APPLIED,
            )
        )

    def applied_at(self) -> Mapping[str, datetime]:
        """When each revision was upgraded (UTC), by id, where that was the last thing that happened to it."""
        connection = self.context.connection
        assert connection is not None
        if not inspect(connection).has_table(self.table.name, schema=self.table.schema):
            return {}
        columns = self.table.c
        query = select(columns.revision, columns.direction, columns.finished_at).order_by(columns.id)
        last = {revision: (direction, finished) for revision, direction, finished in connection.execute(query)}
        return {
            revision: finished.replace(tzinfo=UTC)
            for revision, (direction, finished) in last.items()
            if direction == Direction.UPGRADE.value
        }


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)
