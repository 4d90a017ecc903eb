"""A primary key whose index is built while everybody waits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.built_index import concerns_of_built_index
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import PrimaryKey

TITLE = "A primary key stops the table while its index is built"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("adding-serial-primary-key-field",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each PRIMARY KEY of a table in use that is not made of an index that is there."""
    return concerns_of_built_index(statement, view, PrimaryKey, "PRIMARY KEY")
