"""A value for rows that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic.autogenerate import renderers
from alembic.operations import ops

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation, escaped
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Dialect

    from alembic_manage.dialects import Dialect as Rules


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
        table = quoted_name(dialect, self.schema, self.table_name)
        return [f"UPDATE {table} SET {column} = {self.value} WHERE {where}"]

    def reverse(self) -> FillRows:
        """Itself: what was there before is not known. Inside of Steps it stands on one way only."""
        return self


class RewriteRows(FillRows):
    """UPDATE in the SQL of one kind of database."""


class QuotedByEach(FillRows):
    """UPDATE as SQLAlchemy writes it, which puts each kind of database's own quotes around the names."""


@renderers.dispatch_for(QuotedByEach)
def _render(autogen_context: AutogenContext, operation: QuotedByEach) -> list[str]:
    sa, prefix = (autogen_context.opts[f"{name}_module_prefix"] for name in ("sqlalchemy", "alembic"))
    column, schema = f"{sa}column({operation.column!r})", f", schema={operation.schema!r}" if operation.schema else ""
    table = f"{sa}table({operation.table_name!r}, {column}{schema})"
    value = f"{{{operation.column!r}: {sa}text({escaped(operation.value)!r})}}"
    return [f"{prefix}execute({sa}update({table}).where({column}.is_(None)).values({value}))"]


class NumberRows(SqlOperation):
    """UPDATE of one column, in the rows in which it is NULL, with values that differ from row to row.

    Args:
        table_name: the table.
        column: the column that gets the values.
        word: what is made from the numbers; see Dialect.numbered_values.
        schema: of the table.
        rules: of the only kind of database that it is for; None for that of the SQLAlchemy dialect.
    """

    def __init__(
        self, table_name: str, column: str, word: str, schema: str | None = None, rules: Rules | None = None
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.word = word
        self.rules = rules

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """One UPDATE, in the way of the database; numbers begin above those that are there."""
        rules = self.rules or dialect_named(dialect.name)
        table, column = (".".join(map(rules.quoted, names)) for names in (self._table_path, [self.column]))
        start = f"(SELECT coalesce(max({column}), 0) FROM {table})" if self.word == "number" else "0"
        return [rules.number_rows_sql(table, column, rules.numbered_values[self.word], start)]

    @property
    def _table_path(self) -> list[str]:
        return [name for name in (self.schema, self.table_name) if name]

    def only_for(self, rules: Rules) -> NumberRows:
        """The same in the SQL of one kind of database."""
        return NumberRows(str(self.table_name), self.column, self.word, self.schema, rules)

    def reverse(self) -> NumberRows:
        """Itself, as of FillRows."""
        return self


class FillOnce(FillRows):
    """UPDATE of a column that the same revision adds: on the way back there is nothing to do."""

    def reverse(self) -> ops.MigrateOperation:  # type: ignore[override]
        """Nothing: the column goes."""
        return ops.ModifyTableOps(str(self.table_name), [], schema=self.schema)
