"""An operation on one column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy import Column


class ColumnOperation(SqlOperation):
    """SQL that is about one column of a table.

    Args:
        table_name: the table.
        column: the column.
        schema: of the table; None for the default one.
    """

    def __init__(self, table_name: str, column: Column[Any], schema: str | None = None) -> None:
        super().__init__(table_name, schema)
        self.column = column
