"""A column that is NOT NULL and has no default."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Column, Key

TITLE = "A new column is NOT NULL, and nothing gives it a value"
SEVERITY = Severity.ERROR
BY_SIZE = False
SQUAWK = ("adding-required-field",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column of a table in use that rows there cannot have, and that old code does not know."""
    for effect in statement.of(AddColumn):
        column = effect.column
        has_value = column.default is not None or column.computed or column.identity is not None or column.autoincrement
        if column.nullable or has_value or view.is_new(effect.table, statement):
            continue
        size = view.context.size_of(effect.table)
        yield Concern(
            f"Column {effect.table}.{column.name} is NOT NULL without a default: rows that are there cannot have it, "
            "and code that does not know it can insert nothing.",
            subject=f"{effect.table}.{column.name}",
            fix=_fix(effect.table, column, view.context.type_text(column)),
            table=effect.table,
            severity=Severity.NOTICE if size is not None and not size.rows else None,
        )


def _fix(table: Key, column: Column, type_: str) -> str:
    return (
        f"op.execute({python(f'ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column.name)} {type_}')})\n"
        "# deploy the code that fills it, fill the old rows, then make it NOT NULL; or give it a server_default"
    )
