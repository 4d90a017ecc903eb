"""New names for indexes and constraints, where the database can rename them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class RenameIndex(SqlOperation):
    """A new name for an index.

    Args:
        table_name: its table.
        old: its name.
        new: its new name.
        schema: of the table.
    """

    def __init__(self, table_name: str, old: str, new: str, schema: str | None = None) -> None:
        super().__init__(table_name, schema)
        self.old = old
        self.new = new

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER INDEX, or ALTER TABLE where indexes belong to tables."""
        return [dialect_named(dialect.name).rename_index_sql(self.schema, str(self.table_name), self.old, self.new)]

    def reverse(self) -> RenameIndex:
        """The old name again."""
        return RenameIndex(str(self.table_name), self.new, self.old, self.schema)


class RenameConstraint(SqlOperation):
    """A new name for a constraint.

    Args:
        table_name: its table.
        old: its name.
        new: its new name.
        schema: of the table.
    """

    def __init__(self, table_name: str, old: str, new: str, schema: str | None = None) -> None:
        super().__init__(table_name, schema)
        self.old = old
        self.new = new

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... RENAME CONSTRAINT."""
        rules = dialect_named(dialect.name)
        return [rules.rename_constraint_sql(self.schema, str(self.table_name), self.old, self.new)]

    def reverse(self) -> RenameConstraint:
        """The old name again."""
        return RenameConstraint(str(self.table_name), self.new, self.old, self.schema)
