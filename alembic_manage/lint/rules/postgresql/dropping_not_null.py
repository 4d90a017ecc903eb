"""A column that may be NULL from now on."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "Running code may not expect a column to be NULL"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("ban-drop-not-null",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column of a table in use that can be NULL from now on."""
    for effect in statement.of(AlterColumn):
        if effect.becomes_nullable and not view.is_new(effect.table, statement):
            yield Concern(
                f"Code that runs now does not expect {effect.table}.{effect.after.name} to be NULL.",
                subject=f"{effect.table}.{effect.after.name}",
                fix="Release code that can read NULL first; code that writes it comes after this migration.",
            )
