"""All rows of a table are deleted."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "All rows of a table are deleted"
SEVERITY = Severity.ERROR
BY_SIZE = True
SQUAWK = ("ban-truncate-cascade",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """DELETE without WHERE, and TRUNCATE."""
    rows = statement.rows
    if rows is None or rows.table is None or statement.is_part_of_rebuild:
        return
    deletes = rows.verb == "TRUNCATE" or (rows.verb == "DELETE" and not rows.has_where)
    if deletes and not view.is_new(rows.table, statement):
        also = ", and those of every table that refers to it" if statement.says("CASCADE") else ""
        yield Concern(
            f"All rows of {rows.table} go for good{also}.",
            subject=str(rows.table),
            fix=f"Say which rows: DELETE FROM {rows.table} WHERE ...",
            table=rows.table,
        )
