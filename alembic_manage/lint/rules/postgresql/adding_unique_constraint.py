"""A UNIQUE constraint whose index is built while everybody waits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.built_index import concerns_of_built_index
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Unique

TITLE = "A UNIQUE constraint stops the table while its index is built"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("disallowed-unique-constraint",)
STRONG_MIGRATIONS = ("add_unique_constraint",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each UNIQUE of a table in use that is not made of an index that is there."""
    return concerns_of_built_index(statement, view, Unique, "UNIQUE")
