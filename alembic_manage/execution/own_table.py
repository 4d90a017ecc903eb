"""A table of the suite's own, beside the version table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, Table, inspect

from alembic_manage.alembic_api import connection_of

if TYPE_CHECKING:
    from typing import Any

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection


class OwnTable:
    """A table that may be missing, in the database that a context is connected to.

    Args:
        context: an online context.
        suffix: what the table's name has beyond that of the version table.
        columns: of the table.
    """

    def __init__(self, context: MigrationContext, suffix: str, *columns: Column[Any]) -> None:
        self.context = context
        self.table = Table(
            f"{context.version_table}{suffix}", MetaData(), *columns, schema=context.version_table_schema
        )

    @property
    def connection(self) -> Connection:
        """The context's."""
        return connection_of(self.context)

    @property
    def exists(self) -> bool:
        """Whether the table is there."""
        return inspect(self.connection).has_table(self.table.name, schema=self.table.schema)
