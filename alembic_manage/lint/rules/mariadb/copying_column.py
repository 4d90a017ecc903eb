"""A new column whose values must be written into every row."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.columns import varies
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A new column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """A STORED generated column, one that is numbered, and one whose default is another value in each row."""
    for effect in statement.of(AddColumn):
        column = effect.column
        if view.is_new(effect.table, statement):
            continue
        reason = None
        if column.computed is not None and column.computed.persisted:
            reason = "is computed and stored"
        elif column.autoincrement:
            reason = "is numbered"
        elif column.default is not None and varies(column.default, view.context.rules):
            reason = f"has the default {column.default}"
        if reason is not None:
            path = f"{effect.table}.{column.name}"
            yield Concern(
                f"Column {path} {reason}: every row is written anew.",
                subject=path,
                lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
                fix="Add it nullable and without a default, fill it in batches, then set the default.",
                table=effect.table,
            )
