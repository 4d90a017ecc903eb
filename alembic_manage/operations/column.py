"""A column gets another place among the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.operations.column_definition import column_definition
from alembic_manage.operations.column_operation import ColumnOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.engine import Dialect


class MoveColumn(ColumnOperation):
    """MODIFY, which says again all that the column is.

    Args:
        table_name: its table.
        column: as it is before and after.
        after: the column behind which it is to stand; "" for the first place.
        before: the column behind which it stands now; None where it need not go back.
        schema: of the table.
    """

    def __init__(
        self, table_name: str, column: Column[Any], after: str | None, before: str | None, schema: str | None = None
    ) -> None:
        super().__init__(table_name, column, schema)
        self.after = after
        self.before = before

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... MODIFY ... AFTER. Source: MariaDB documentation, "ALTER TABLE", "MODIFY COLUMN"."""
        if self.after is None:
            return []
        place = f"AFTER {dialect.identifier_preparer.quote(self.after)}" if self.after else "FIRST"
        return [f"{_modify(self, dialect)} {place}"]

    def reverse(self) -> MoveColumn:
        """Back to its place."""
        return MoveColumn(str(self.table_name), self.column, self.before, self.after, self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("move_column", self.schema, self.table_name, self.column.name, self.after)


class ColumnAgain(ColumnOperation):
    """MODIFY on the way back: a column is again what it was, where a statement about its table took it along.

    Args:
        table_name: its table.
        column: as it was before.
        schema: of the table.
        is_upgrade: whether this is the way up, on which there is nothing to do.
    """

    def __init__(
        self, table_name: str, column: Column[Any], schema: str | None = None, *, is_upgrade: bool = True
    ) -> None:
        super().__init__(table_name, column, schema)
        self.is_upgrade = is_upgrade

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... MODIFY. Source: MariaDB documentation, "ALTER TABLE", "MODIFY COLUMN"."""
        return [] if self.is_upgrade else [_modify(self, dialect)]

    def reverse(self) -> ColumnAgain:
        """The other way."""
        return ColumnAgain(str(self.table_name), self.column, self.schema, is_upgrade=not self.is_upgrade)


def _modify(operation: ColumnOperation, dialect: Dialect) -> str:
    """The statement, up to the place of the column."""
    table = quoted_name(dialect, operation.schema, operation.table_name)
    return f"ALTER TABLE {table} MODIFY {column_definition(operation.column, dialect)}"
