"""A column of the type serial."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.columns import columns_made
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "serial is the old way to number rows; IDENTITY is the standard's"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("prefer-identity",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new column of that kind."""
    for table, column in columns_made(statement):
        if column.autoincrement:
            yield Concern(
                f"{table}.{column.name} is serial: its sequence has rights of its own, and INSERT may give any number.",
                subject=f"{table}.{column.name}",
                fix=f"{column.name} = mapped_column(BigInteger, Identity(), primary_key=True)",
            )
