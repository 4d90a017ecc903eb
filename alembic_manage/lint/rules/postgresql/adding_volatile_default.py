"""A new column whose default has another value for each row."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, in_next, quoted
from alembic_manage.lint.postgresql.volatility import Volatility, volatility_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Column, Key

TITLE = "A new column's default is computed for each row, which copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("adding-field-with-default",)
STRONG_MIGRATIONS = ("add_column_default", "add_column_default_callable")
FAST_DEFAULT = (11,)
"""Since then a default that is the same for all rows is kept beside the table.

Source: PostgreSQL 11 release notes, "Utility Commands": a column with a non-null default without a rewrite.
"""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new column of a table in use whose default must be written into every row."""
    for effect in statement.of(AddColumn):
        column = effect.column
        if column.default is None or column.autoincrement or view.is_new(effect.table, statement):
            continue
        why = _why(column.default, view)
        if why is None:
            continue
        yield Concern(
            f"Column {effect.table}.{column.name} is added by writing every row anew: {why}.",
            subject=f"{effect.table}.{column.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the table is copied.",
            fix=_fix(effect.table, column, view.context.type_text(column)),
            table=effect.table,
        )


def _why(default: str, view: RevisionView) -> str | None:
    """Why the rows are written; None where they are not."""
    if view.context.server_version < FAST_DEFAULT:
        return None if default.upper() == "NULL" else "before PostgreSQL 11 any default is written into the rows"
    found = volatility_of(default, view.context.rules)
    if found is Volatility.VOLATILE:
        return f"{default} has another value each time"
    if found is Volatility.UNKNOWN:
        return f"{default} may have another value each time, for it is no function of PostgreSQL itself"
    return None


def _fix(table: Key, column: Column, type_: str) -> str:
    return "\n".join(
        [
            execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column.name)} {type_}"),
            execute(f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column.name)} SET DEFAULT {column.default}"),
            in_next("# fill the old rows, in batches" + ", then SET NOT NULL" * (not column.nullable)),
        ]
    )
