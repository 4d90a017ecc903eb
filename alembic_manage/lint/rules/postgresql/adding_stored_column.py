"""A stored generated column for a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "A stored computed column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("adding-field-with-default",)
STRONG_MIGRATIONS = ("add_column_generated_stored",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new GENERATED ... STORED column of a table in use."""
    for effect in statement.of(AddColumn):
        computed = effect.column.computed
        if computed is None or view.is_new(effect.table, statement) or not _is_stored(computed.persisted, view):
            continue
        yield Concern(
            f"Column {effect.table}.{effect.column.name} is computed for every row, and each is written anew.",
            subject=f"{effect.table}.{effect.column.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the table is copied.",
            fix=_fix(view, effect.table, effect.column.name),
            table=effect.table,
        )


def _is_stored(persisted: bool | None, view: RevisionView) -> bool:
    """PostgreSQL 18 computes when a row is read where nothing is said; before there was no other kind."""
    return bool(persisted) or view.context.server_version < (18,)


def _fix(view: RevisionView, table: Key, column: str) -> str:
    if view.context.server_version >= (18,):
        return (
            f"Without STORED (persisted=False) {column} is computed when a row of {table} is read; nothing is written."
        )
    return f"A plain column that a trigger on {table} fills; give the old rows their values in batches."
