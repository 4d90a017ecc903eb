"""A timestamp that does not know its time zone."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.columns import columns_given
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A timestamp without time zone does not say which moment it is"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("prefer-timestamp-tz",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets such a type."""
    for table, column in columns_given(statement):
        if view.context.type_text(column).startswith("TIMESTAMP") and "WITH TIME ZONE" not in view.context.type_text(
            column
        ):
            yield Concern(
                f"{table}.{column.name} is a timestamp without time zone: it means another moment in each session.",
                subject=f"{table}.{column.name}",
                fix=f"{column.name} = mapped_column(DateTime(timezone=True))",
            )
