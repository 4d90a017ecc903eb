"""LOCK TABLE in a migration."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.locks import LockMode, locks_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "LOCK TABLE keeps others waiting until the migration is done"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each LOCK TABLE that stops writes of a table in use."""
    if not statement.begins("LOCK"):
        return
    for table, mode in locks_of(statement).items():
        if not view.is_new(table, statement):
            waiting = "reads and writes wait" if mode is LockMode.ACCESS_EXCLUSIVE else "writes wait"
            yield Concern(
                f"{table} stays locked until the migration is done, however long the rest of it takes.",
                subject=str(table),
                lock=f"{mode.text} on {table}: {waiting} until the transaction ends.",
                fix="Let the statements take their own locks; or lock it in a short migration.",
                table=table,
            )
