"""A value for rows that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.dialects import dialect_named
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
        column = dialect.identifier_preparer.quote(self.column)
        where = self.where or f"{column} IS NULL"
        return [f"UPDATE {table_sql(self, dialect)} SET {column} = {self.value} WHERE {where}"]

    def reverse(self) -> FillRows:
        """Itself: what was there before is not known. Inside of Steps it stands on one way only."""
        return self


class NumberRows(SqlOperation):
    """UPDATE of one column, in the rows in which it is NULL, with values that differ from row to row.

    Args:
        table_name: the table.
        column: the column that gets the values.
        value: the SQL of a value, with a place for `{number}`.
        schema: of the table.
        is_number: whether the values are numbers, so that they can begin above those which are there.
    """

    def __init__(
        self, table_name: str, column: str, value: str, schema: str | None = None, *, is_number: bool = False
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.value = value
        self.is_number = is_number

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """One UPDATE, in the way of the database."""
        table, column = table_sql(self, dialect), dialect.identifier_preparer.quote(self.column)
        start = f"(SELECT coalesce(max({column}), 0) FROM {table})" if self.is_number else "0"
        return [dialect_named(dialect.name).number_rows_sql(table, column, self.value, start)]

    def reverse(self) -> NumberRows:
        """Itself, as of FillRows."""
        return self


def table_sql(operation: SqlOperation, dialect: Dialect) -> str:
    """The name of an operation's table in SQL, with its schema."""
    quote = dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in (operation.schema, operation.table_name) if name)


class FillOnce(FillRows):
    """UPDATE of a column that the same revision adds: on the way back there is nothing to do."""

    def reverse(self) -> ops.MigrateOperation:  # type: ignore[override]
        """Nothing: the column goes."""
        return ops.ModifyTableOps(str(self.table_name), [], schema=self.schema)
