"""A column of the type char(n)."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.columns import columns_given
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "char(n) fills its values up with blanks"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("ban-char-field",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets such a type."""
    for table, column in columns_given(statement):
        if view.context.type_text(column).startswith("CHAR"):
            yield Concern(
                f"{table}.{column.name} is {view.context.type_text(column)}: shorter values get blanks behind them.",
                subject=f"{table}.{column.name}",
                fix=f"{column.name} = mapped_column(String)",
            )
