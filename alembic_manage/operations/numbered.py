"""A new column that the database numbers, also in the rows that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Column

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class AddNumberedColumn(SqlOperation):
    """ALTER TABLE ... ADD COLUMN with a type that numbers: SERIAL.

    Alembic has no word for that: SQLAlchemy writes it for the primary key only, which an added column is not yet.

    Args:
        table_name: the table.
        column: of whole numbers.
        schema: of the table.
    """

    def __init__(self, table_name: str, column: Column[Any], schema: str | None = None) -> None:
        super().__init__(table_name, schema)
        self.column = column

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ADD COLUMN. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        quote = dialect.identifier_preparer.quote
        table = ".".join(quote(name) for name in (self.schema, self.table_name) if name)
        numbered: Any = dialect_named(dialect.name).numbered_type(self.column.type)
        type_ = dialect.type_compiler_instance.process(numbered)
        return [f"ALTER TABLE {table} ADD COLUMN {quote(self.column.name)} {type_} NOT NULL"]

    def reverse(self) -> ops.DropColumnOp:
        """The column and its numbering go."""
        return ops.DropColumnOp.from_column_and_tablename(self.schema, str(self.table_name), self.column)
