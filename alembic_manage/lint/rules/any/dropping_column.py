"""A column that goes, with its values, while code may still read it."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import DropColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.plan import CONTRACT

TITLE = "A column goes, with its values"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("ban-drop-column",)
STRONG_MIGRATIONS = ("remove_column",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that is dropped from a table that others may use."""
    if view.revision.phase == CONTRACT:
        return  # only new code runs by then
    for effect in statement.of(DropColumn):
        if view.is_new_column(effect.table, effect.column.name, statement):
            continue
        subject = f"{effect.table}.{effect.column.name}"
        yield Concern(
            f"Column {subject} and its values are gone for good; code that runs meanwhile still reads it.",
            subject=subject,
            fix="Take the column out of the models and deploy that; drop it in a migration of the next release.",
            table=effect.table,
        )
