"""CREATE INDEX without CONCURRENTLY on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import CreateIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python

TITLE = "An index stops writes until it is built"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("require-concurrent-index-creation",)
STRONG_MIGRATIONS = ("add_index", "add_reference")


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each index that is made while nobody can write to its table."""
    if statement.says("CONCURRENTLY"):
        return
    for effect in statement.of(CreateIndex):
        if not view.is_new(effect.table, statement):
            name = effect.index.name
            yield Concern(
                f"Index {name} is built while writes to {effect.table} wait.",
                subject=f"{effect.table}.{name}",
                lock=f"SHARE on {effect.table}: reads go on, writes wait until the index is built.",
                fix=_fix(effect),
                table=effect.table,
            )


def _fix(effect: CreateIndex) -> str:
    index, table = effect.index, effect.table
    parts = [part.text if part.is_column else f'sa.text("{part.text}")' for part in index.parts]
    columns = ", ".join(python(part) if part in index.columns else part for part in parts)
    options = "unique=True, " * index.unique + f"schema={python(table.schema)}, " * (table.schema is not None)
    return (
        "with op.get_context().autocommit_block():\n"
        f"    op.create_index({python(index.name)}, {python(table.name)}, [{columns}], {options}"
        "postgresql_concurrently=True)"
    )
