"""SQL in text that the history state cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.sql.statements import shortened

TITLE = "A statement cannot be read, so nothing is known about it"
SEVERITY = Severity.NOTICE
BY_SIZE = False
STRONG_MIGRATIONS = ("execute",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each statement that may change tables, and is not understood."""
    if statement.unread is not None:
        yield Concern(
            f"Not checked, for it cannot be read ({statement.unread}): {shortened(statement.sql, 60)}",
            subject=shortened(statement.sql, 40),
            fix="Say what it does to the tables in a function state_upgrade() of the migration.",
        )
