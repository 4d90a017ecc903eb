"""A SERIAL or IDENTITY column for a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, in_next, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "A column that numbers the rows copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True
STRONG_MIGRATIONS = ("add_column_auto_incrementing",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new column of a table in use that the server numbers."""
    for effect in statement.of(AddColumn):
        column = effect.column
        if not (column.autoincrement or column.identity is not None) or view.is_new(effect.table, statement):
            continue
        yield Concern(
            f"Column {effect.table}.{column.name} numbers the rows that are there: each is written anew.",
            subject=f"{effect.table}.{column.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the table is copied.",
            fix=_fix(effect.table, column.name),
            table=effect.table,
        )


def _fix(table: Key, column: str) -> str:
    sequence = Key(table.schema, f"{table.name}_{column}_seq")
    return "\n".join(
        [
            execute(f"CREATE SEQUENCE {quoted(sequence)}"),
            execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column)} bigint"),
            execute(f"ALTER TABLE {quoted(table)} ALTER {quoted(column)} SET DEFAULT nextval('{quoted(sequence)}')"),
            in_next("# number the old rows, in batches"),
        ]
    )
