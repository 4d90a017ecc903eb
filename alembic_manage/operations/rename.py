"""New names: for tables and columns as Alembic writes them, for indexes and constraints in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Dialect


class RenameTable(ops.MigrateOperation):
    """A new name for a table.

    Args:
        table_name: its name.
        new: its new name.
        schema: of the table.
    """

    def __init__(self, table_name: str, new: str, schema: str | None = None) -> None:
        self.table_name = table_name
        self.new = new
        self.schema = schema

    def reverse(self) -> RenameTable:
        """The old name again."""
        return RenameTable(self.new, self.table_name, self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("rename_table", self.schema, self.table_name, self.new)


@renderers.dispatch_for(RenameTable)
def _render_table(autogen_context: AutogenContext, operation: RenameTable) -> str:
    prefix = autogen_context.opts["alembic_module_prefix"]
    schema = f", schema={operation.schema!r}" if operation.schema else ""
    return f"{prefix}rename_table({operation.table_name!r}, {operation.new!r}{schema})"


@Operations.implementation_for(RenameTable)
def _rename_table(operations: Operations, operation: RenameTable) -> None:
    operations.rename_table(operation.table_name, operation.new, schema=operation.schema)


class RenameColumn(ops.MigrateOperation):
    """A new name for a column; everything else about it stays, and what refers to it follows.

    Args:
        table_name: its table.
        old: its name.
        new: its new name.
        schema: of the table.
        in_sql: whether it is written as RENAME COLUMN. Alembic's `new_column_name` writes CHANGE on MariaDB, which
            forgets each attribute that is not said again.
        existing: what stays of it, as arguments of `op.alter_column`: MariaDB wants the type, and forgets the others.
    """

    def __init__(
        self,
        table_name: str,
        old: str,
        new: str,
        schema: str | None = None,
        *,
        in_sql: bool = False,
        existing: Mapping[str, Any] | None = None,
    ) -> None:
        self.table_name = table_name
        self.old = old
        self.new = new
        self.schema = schema
        self.in_sql = in_sql
        self.existing = dict(existing or {})

    def statement(self, dialect: Dialect) -> str:
        """ALTER TABLE ... RENAME COLUMN.

        Source: MariaDB documentation, "ALTER TABLE", RENAME COLUMN; SQLite documentation, "ALTER TABLE", 2.
        """
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        return f"ALTER TABLE {table} RENAME COLUMN {quote(self.old)} TO {quote(self.new)}"

    def reverse(self) -> RenameColumn:
        """The old name again."""
        names = self.table_name, self.new, self.old, self.schema
        return RenameColumn(*names, in_sql=self.in_sql, existing=self.existing)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("rename_column", self.schema, self.table_name, self.old, self.new)


@renderers.dispatch_for(RenameColumn)
def _render_column(autogen_context: AutogenContext, operation: RenameColumn) -> str:
    if operation.in_sql:
        prefix = autogen_context.opts["alembic_module_prefix"]
        return f"{prefix}execute({operation.statement(autogen_context.dialect)!r})"
    said: dict[str, Any] = {"schema": operation.schema, "modify_name": operation.new, **operation.existing}
    change = ops.AlterColumnOp(operation.table_name, operation.old, **said)
    written = renderers.dispatch(change)(autogen_context, change)
    return written if isinstance(written, str) else "".join(written)


@Operations.implementation_for(RenameColumn)
def _rename_column(operations: Operations, operation: RenameColumn) -> None:
    operations.execute(operation.statement(operations.get_context().dialect))


class _RenamePart(SqlOperation):
    """A new name for something that belongs to a table.

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

    def reverse(self) -> Self:
        """The old name again."""
        return type(self)(str(self.table_name), self.new, self.old, self.schema)


class RenameIndex(_RenamePart):
    """A new name for an index."""

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER INDEX, or ALTER TABLE where indexes belong to tables."""
        return [dialect_named(dialect.name).rename_index_sql(self.schema, str(self.table_name), self.old, self.new)]


class RenameConstraint(_RenamePart):
    """A new name for a constraint."""

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... RENAME CONSTRAINT."""
        rules = dialect_named(dialect.name)
        return [rules.rename_constraint_sql(self.schema, str(self.table_name), self.old, self.new)]
