"""SQL that is known word for word when the operation is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Sql(SqlOperation):
    """Statements for one kind of database.

    Args:
        up: the statements.
        down: those that take them back; empty where nothing must be done.
        table_name: the table that they are about.
        schema: of the table.
    """

    def __init__(self, up: Sequence[str], down: Sequence[str], table_name: str | None, schema: str | None) -> None:
        super().__init__(table_name, schema)
        self.up = tuple(up)
        self.down = tuple(down)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """The statements."""
        return self.up

    def reverse(self) -> Sql:
        """The other way."""
        return Sql(self.down, self.up, self.table_name, self.schema)
