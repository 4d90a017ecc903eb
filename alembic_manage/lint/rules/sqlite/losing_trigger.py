"""A trigger that goes with the table which a batch makes anew."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RebuildTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.sqlite.rebuilt import made_behind, programs_before
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python

TITLE = "A rebuilt table loses its triggers"
SEVERITY = Severity.ERROR
BY_SIZE = False


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each trigger of a table that is made anew, unless the same migration makes it again."""
    for effect in statement.of(RebuildTable):
        again = made_behind(statement, view)
        for trigger in programs_before(statement, view).values():
            if trigger.table == effect.table.name.lower() and trigger.name not in again:
                yield Concern(
                    f"{effect.table} is dropped and made anew: its trigger {trigger.name} is gone, without an error.",
                    subject=f"{effect.table}.{trigger.name}",
                    fix=f"Make it again, behind the batch:\nop.execute({python(trigger.sql)})",
                )
