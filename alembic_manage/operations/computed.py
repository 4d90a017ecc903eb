"""A computed column becomes a plain one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class DropExpression(SqlOperation):
    """The column keeps the values that were computed last.

    Args:
        table_name: its table.
        column: its name.
        again: the operations that make it a computed one again.
        schema: of the table.
    """

    def __init__(
        self, table_name: str, column: str, again: Sequence[ops.MigrateOperation], schema: str | None = None
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.again = tuple(again)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER COLUMN ... DROP EXPRESSION. Source: PostgreSQL 16 manual, ALTER TABLE; since 13."""
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        return [f"ALTER TABLE {table} ALTER COLUMN {quote(self.column)} DROP EXPRESSION"]

    def reverse(self) -> ops.ModifyTableOps:
        """The column is dropped and added again."""
        return ops.ModifyTableOps(str(self.table_name), list(self.again), schema=self.schema)
