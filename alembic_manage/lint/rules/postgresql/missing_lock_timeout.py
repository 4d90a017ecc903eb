"""A strong lock that is waited for without end."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import strings
from alembic_manage.lint.postgresql.code import execute
from alembic_manage.lint.postgresql.locks import locks_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "Nothing limits how long a lock is waited for"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("require-lock-timeout",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """The first statement of a migration that waits for a strong lock on a table in use, where no time-out is set."""
    if view.context.has_lock_timeout or not _locked(statement, view):
        return
    earlier = view.earlier(statement)
    if any(_sets_timeout(other, statement) or _locked(other, view) for other in earlier):
        return
    table = _locked(statement, view)[0]
    yield Concern(
        f"While the migration waits for its lock on {table}, every query that comes later waits behind it.",
        subject=str(table),
        lock=f"{locks_of(statement)[table].text} on {table}.",
        fix='"LOCK_TIMEOUT": 5,  # in DATABASES of the settings; or:\n' + execute("SET LOCAL lock_timeout = '5s'"),
        table=table,
    )


def _locked(statement: Statement, view: RevisionView) -> list[Key]:
    return [table for table in locks_of(statement) if not view.is_new(table, statement)]


def _sets_timeout(other: Statement, statement: Statement) -> bool:
    """Whether an earlier statement sets one that counts for this."""
    if "LOCK_TIMEOUT" not in other.words and "lock_timeout" not in strings(other):
        return False
    return "LOCAL" not in other.words or (other.transaction == statement.transaction and not statement.is_autocommit)
