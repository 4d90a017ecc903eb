"""Rows that a later ALTER TABLE commits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.state.objects import Key
from alembic_manage.state.sql.statements import StatementKind

TITLE = "DDL commits the rows that were changed before it"
SEVERITY = Severity.NOTICE
BY_SIZE = False


def check_revision(view: RevisionView) -> Iterator[Concern]:
    """The first DDL of a migration behind a change of rows."""
    changed: Key | None = None
    for statement in view.statements:
        rows = statement.rows
        if rows is not None and rows.table is not None and rows.verb != "TRUNCATE" and not statement.is_autocommit:
            changed = rows.table
        elif changed is not None and statement.kind is StatementKind.DDL and statement.effects:
            yield Concern(
                f"The rows of {changed} are committed before the DDL behind them: if that fails, they stay changed.",
                subject=str(changed),
                fix="Two migrations: the rows in one, the tables in the other.",
                line=statement.line,
            )
            return
