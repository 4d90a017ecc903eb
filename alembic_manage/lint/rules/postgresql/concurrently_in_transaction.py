"""A statement that PostgreSQL refuses within a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import CreateIndex, DropIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit, execute
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "The statement cannot run in a transaction"
SEVERITY = Severity.ERROR
BY_SIZE = False
SQUAWK = ("ban-concurrent-index-creation-in-transaction",)
_REFUSED = (
    "VACUUM",
    "CREATE DATABASE",
    "DROP DATABASE",
    "CREATE TABLESPACE",
    "DROP TABLESPACE",
    "ALTER SYSTEM",
    "REINDEX DATABASE",
    "REINDEX SCHEMA",
    "REINDEX SYSTEM",
)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each statement that fails because a transaction is open around it."""
    words = _refused(statement)
    if words is None or statement.is_autocommit:
        return
    names = [each.index.name for each in statement.effects if isinstance(each, CreateIndex | DropIndex)]
    yield Concern(
        f"{words} cannot run inside a transaction block: the migration fails.",
        subject=names[0] if names else words,
        fix=autocommit(execute(statement.sql.strip())),
    )


def _refused(statement: Statement) -> str | None:
    """The words that PostgreSQL would complain about; None where it would not."""
    for words in _REFUSED:
        if statement.begins(words):
            return words
    if not statement.says("CONCURRENTLY") or statement.begins("REFRESH"):
        return None
    kind = "DETACH PARTITION" if statement.begins("ALTER TABLE") else " ".join(_without_unique(statement)[:2])
    return f"{kind} CONCURRENTLY"


def _without_unique(statement: Statement) -> list[str]:
    return [word for word in statement.words if word != "UNIQUE"]
