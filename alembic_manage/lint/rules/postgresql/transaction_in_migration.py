"""BEGIN, COMMIT or ROLLBACK in the text of a migration."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.sql.statements import StatementKind

TITLE = "A migration begins or ends the transaction that migrate keeps"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = (
    "transaction-nesting",
    "ban-uncommitted-transaction",
)
_WORDS = ("BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE TRANSACTION")


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each statement that begins or ends a transaction; savepoints are none."""
    words = next((words for words in _WORDS if statement.begins(words)), None)
    if words is None or statement.kind is not StatementKind.NOTHING or "TO" in statement.words:
        return
    yield Concern(
        f"{words} is about the transaction in which the migration runs: what fails later is half applied.",
        subject=words,
        fix=autocommit("pass  # here: what must be committed by itself"),
    )
