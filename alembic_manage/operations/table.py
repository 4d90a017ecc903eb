"""Tables: moved to another schema, given other options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class MoveTable(SqlOperation):
    """A table goes to another schema, with its rows, keys and indexes.

    Args:
        table_name: its name.
        schema: where it is; None for the default schema.
        new_schema: where it goes; None for the default schema.
        new_name: what it is called there; None for the same.
    """

    def __init__(
        self, table_name: str, schema: str | None, new_schema: str | None, new_name: str | None = None
    ) -> None:
        super().__init__(table_name, schema)
        self.new_schema = new_schema
        self.new_name = new_name or table_name

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """SET SCHEMA and RENAME TO, or RENAME TABLE."""
        default = getattr(dialect, "default_schema_name", None)
        return dialect_named(dialect.name).move_table_sql(
            (self.schema, str(self.table_name)), (self.new_schema, self.new_name), default
        )

    def reverse(self) -> MoveTable:
        """Back to where it was."""
        return MoveTable(self.new_name, self.new_schema, self.schema, str(self.table_name))


class ChangeTableOptions(SqlOperation):
    """Other options for a table; another character set or collation is that of its columns too.

    Args:
        table_name: the table.
        before: what it has, by the names without the dialect's; None for what the database chooses by itself.
        after: what it is to have.
        schema: of the table.
    """

    def __init__(
        self,
        table_name: str,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        schema: str | None = None,
    ) -> None:
        super().__init__(table_name, schema)
        self.before = dict(before)
        self.after = dict(after)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE with the options."""
        return dialect_named(dialect.name).table_options_sql(self.schema, str(self.table_name), self.after)

    def reverse(self) -> ChangeTableOptions:
        """The options of before."""
        return ChangeTableOptions(str(self.table_name), self.after, self.before, self.schema)
