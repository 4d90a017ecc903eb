"""A column of the type json."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.columns import columns_given
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "json keeps text; jsonb can be compared and indexed"
SEVERITY = Severity.NOTICE
BY_SIZE = False
STRONG_MIGRATIONS = ("add_column_json",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets such a type."""
    for table, column in columns_given(statement):
        if view.context.type_text(column) == "JSON":
            yield Concern(
                f"{table}.{column.name} is json: it has no equality, so SELECT DISTINCT and UNION over it fail.",
                subject=f"{table}.{column.name}",
                fix=f"{column.name} = mapped_column(postgresql.JSONB)",
            )
