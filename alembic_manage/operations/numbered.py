"""Columns that the database numbers: added, also in the rows that are there already; switched on and off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Column, MetaData, Table

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.column_definition import column_definition
from alembic_manage.operations.column_operation import ColumnOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class AddNumberedColumn(ColumnOperation):
    """ALTER TABLE ... ADD COLUMN with a type that numbers: SERIAL.

    Alembic has no word for that: SQLAlchemy writes it for the primary key only, which an added column is not yet.

    Args:
        table_name: the table.
        column: of whole numbers.
        schema: of the table.
    """

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ADD COLUMN. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        numbered: Any = dialect_named(dialect.name).numbered_type(self.column.type)
        type_ = dialect.type_compiler_instance.process(numbered)
        return [f"ALTER TABLE {table} ADD COLUMN {quote(self.column.name)} {type_} NOT NULL"]

    def reverse(self) -> ops.DropColumnOp:
        """The column and its numbering go."""
        return ops.DropColumnOp.from_column_and_tablename(self.schema, str(self.table_name), self.column)


class ChangeNumbering(ColumnOperation):
    """MODIFY of a column that is there, with AUTO_INCREMENT or without it.

    Args:
        table_name: the table.
        column: of whole numbers; it is the key.
        schema: of the table.
        is_numbered: whether the database numbers it afterwards.
    """

    def __init__(
        self, table_name: str, column: Column[Any], schema: str | None = None, *, is_numbered: bool = True
    ) -> None:
        super().__init__(table_name, column, schema)
        self.is_numbered = is_numbered

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... MODIFY. Source: MariaDB documentation, "AUTO_INCREMENT"."""
        table = quoted_name(dialect, self.schema, self.table_name)
        return [f"ALTER TABLE {table} MODIFY {key_specification(self.column, dialect, is_numbered=self.is_numbered)}"]

    def reverse(self) -> ChangeNumbering:
        """As it was."""
        return ChangeNumbering(str(self.table_name), self.column, self.schema, is_numbered=not self.is_numbered)


def key_specification(column: Column[Any], dialect: Dialect, *, is_numbered: bool) -> str:
    """A column of a primary key as DDL has it, numbered or not."""
    said = column._copy()
    said.autoincrement = is_numbered
    said.primary_key, said.nullable = True, False
    if is_numbered:
        said.server_default = None
    Table("t", MetaData(), said)
    return column_definition(said, dialect)
