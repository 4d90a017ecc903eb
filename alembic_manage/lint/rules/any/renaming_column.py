"""A column that gets another name while running code uses the old one."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RenameColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.plan import CONTRACT

TITLE = "Running code does not know a column's new name"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = ("renaming-column",)
STRONG_MIGRATIONS = ("rename_column",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that is renamed in a table that was there before the migration."""
    if view.revision.phase == CONTRACT:
        return  # only new code runs by then
    for effect in statement.of(RenameColumn):
        if view.is_new_column(effect.table, effect.old, statement):
            continue
        yield Concern(
            f"Code that runs now fails from the moment at which {effect.table}.{effect.old} is called {effect.new}.",
            subject=f"{effect.table}.{effect.old}",
            fix=(
                "Rename the attribute and keep the column's name:\n"
                f"    {effect.new} = mapped_column({python(effect.old)})\n"
                "Or in phases: python manage.py makemigrations --zero-downtime"
            ),
            table=effect.table,
        )
