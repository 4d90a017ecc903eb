"""Types that a rebuilt table would get without their collations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.types import TypeEngine


class KeptTypes(ops.MigrateOperation):
    """Stands in a batch and is written at its head: what the batch reads these columns as, instead of asking.

    SQLAlchemy reads no collation from SQLite, and Alembic makes the table again from what is read.
    Source: SQLAlchemy 2.1, SQLiteDialect.get_columns.

    Args:
        table_name: the table.
        types: the types, by the names of their columns.
        schema: of the table.
    """

    def __init__(self, table_name: str, types: Mapping[str, TypeEngine[Any]], schema: str | None = None) -> None:
        self.table_name = table_name
        self.types = dict(types)
        self.schema = schema

    def reverse(self) -> KeptTypes:
        """Itself: it is found anew for each direction."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("kept_types", self.schema, self.table_name, tuple(self.types))


@renderers.dispatch_for(KeptTypes)
def _render(autogen_context: AutogenContext, operation: KeptTypes) -> list[str]:
    """Nothing: the batch says it."""
    return []


@Operations.implementation_for(KeptTypes)
def _run(operations: Operations, operation: KeptTypes) -> None:
    """Nothing to run outside of a batch."""
