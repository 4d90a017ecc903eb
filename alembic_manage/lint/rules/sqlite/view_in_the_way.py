"""A view, or a trigger of another table, for which a table cannot be made anew."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RebuildTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.sqlite.rebuilt import programs_before
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.stored_program import in_the_way
from alembic_manage.lint.words import python

TITLE = "A view stops the rebuild of its table"
SEVERITY = Severity.ERROR
BY_SIZE = False
REFUSES_SINCE = (3, 25)
"""Source: SQLite, "ALTER TABLE", 3: since 3.25.0 references in triggers and views are renamed, and must be found."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each view and trigger that names a table while it is made anew."""
    if view.context.server_version < REFUSES_SINCE:
        return
    for effect in statement.of(RebuildTable):
        for program in in_the_way(programs_before(statement, view), effect.table.name):
            kind = program.kind.lower()
            yield Concern(
                f"While {effect.table} is made anew, the {kind} {program.name} names a table that is not there: the "
                f"migration fails.",
                subject=f"{effect.table}.{program.name}",
                fix=(
                    f"op.execute({python(f'DROP {program.kind} {program.name}')})\n"
                    f"# the batch; then\n"
                    f"op.execute({python(program.sql)})"
                ),
            )
