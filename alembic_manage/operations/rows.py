"""A value for rows that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class FillRows(SqlOperation):
    """UPDATE of one column, of the rows for which a condition holds.

    Args:
        table_name: the table.
        column: the column that gets the value.
        value: its SQL.
        schema: of the table.
        where: the SQL of the condition; None for the rows in which the column is NULL.
    """

    def __init__(
        self, table_name: str, column: str, value: str, schema: str | None = None, where: str | None = None
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.value = value
        self.where = where

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """UPDATE table SET column = value WHERE column IS NULL."""
        quote = dialect.identifier_preparer.quote
        table = ".".join(quote(name) for name in (self.schema, self.table_name) if name)
        where = self.where or f"{quote(self.column)} IS NULL"
        return [f"UPDATE {table} SET {quote(self.column)} = {self.value} WHERE {where}"]

    def reverse(self) -> FillRows:
        """Itself: what was there before is not known. Inside of Steps it stands on one way only."""
        return self
