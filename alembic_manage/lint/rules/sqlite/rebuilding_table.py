"""A batch that writes the whole table anew."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RebuildTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A batch writes the whole table anew"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table that is made anew, and was there before the migration."""
    for effect in statement.of(RebuildTable):
        if view.is_new(effect.table, statement):
            continue
        yield Concern(
            f"Every row of {effect.table} is written anew.",
            subject=str(effect.table),
            lock="EXCLUSIVE on the file until the migration commits: nobody writes, and without WAL nobody reads.",
            fix="Put all changes of the table into one batch.",
            table=effect.table,
        )
