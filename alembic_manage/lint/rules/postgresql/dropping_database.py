"""DROP DATABASE."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A migration drops a database"
SEVERITY = Severity.ERROR
BY_SIZE = False
SQUAWK = ("ban-drop-database",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each DROP DATABASE."""
    if statement.begins("DROP DATABASE"):
        name = key_after(statement, "DROP", "DATABASE")
        yield Concern(
            f"The database {name} goes, with all that is in it; nothing brings it back.",
            subject=str(name),
            fix="Take it out of the migration. By hand, after a backup: dropdb",
        )
