"""UNIQUE constraints with included columns: Alembic can make one only inside of a CREATE TABLE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class ChangeUnique(SqlOperation):
    """ALTER TABLE that adds a UNIQUE constraint, or drops it. Source: Alembic 1.20, SchemaObjects.unique_constraint.

    Args:
        table_name: the table.
        constraint_name: its name.
        definition: its SQL, from UNIQUE on.
        schema: of the table.
        is_dropped: whether it is dropped, else it is added.
    """

    def __init__(
        self,
        table_name: str,
        constraint_name: str,
        definition: str,
        schema: str | None = None,
        *,
        is_dropped: bool = False,
    ) -> None:
        super().__init__(table_name, schema)
        self.constraint_name = constraint_name
        self.definition = definition
        self.is_dropped = is_dropped

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... ADD CONSTRAINT, or DROP CONSTRAINT."""
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        action = "DROP" if self.is_dropped else "ADD"
        definition = "" if self.is_dropped else f" {self.definition}"
        return [f"ALTER TABLE {table} {action} CONSTRAINT {quote(self.constraint_name)}{definition}"]

    def reverse(self) -> ChangeUnique:
        """The other way."""
        return ChangeUnique(
            str(self.table_name), self.constraint_name, self.definition, self.schema, is_dropped=not self.is_dropped
        )

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("remove_constraint" if self.is_dropped else "add_constraint", self.constraint_name, self.definition)
