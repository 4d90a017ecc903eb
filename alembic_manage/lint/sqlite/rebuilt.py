"""What stands on a table when it is rebuilt, and what stands there in the end."""

from __future__ import annotations

from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.stored_program import Programs, changed_by, programs_of_history


def programs_before(statement: Statement, view: RevisionView) -> Programs:
    """The triggers and views that are there right before the rebuild of which a statement is the last one."""
    earlier = list(view.earlier(statement))
    while earlier and earlier[-1].is_part_of_rebuild:
        earlier.pop()
    return changed_by(_programs_before(view), (each.sql for each in earlier), view.context.rules)


def made_behind(statement: Statement, view: RevisionView) -> Programs:
    """The triggers and views that the same migration makes behind a statement."""
    place = view.statements.index(statement)
    return changed_by({}, (each.sql for each in view.statements[place:]), view.context.rules)


def _programs_before(view: RevisionView) -> Programs:
    """Of the target database, and what migrations make that it has not; without one, of all earlier migrations."""
    context = view.context
    before = context.history.ancestors([view.revision.id]) - {view.revision.id} - context.applied
    made = programs_of_history(context.history, before, context.rules, context.read_programs)
    return {**(context.programs or {}), **made}
