"""DROP with CASCADE."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import DropColumn, DropTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "CASCADE drops what nobody named"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each DROP that takes views, foreign keys or functions of others with it."""
    if "CASCADE" not in statement.words or not (statement.begins("DROP") or statement.says("DROP COLUMN")):
        return
    dropped = [each.table for each in statement.effects if isinstance(each, DropTable | DropColumn)]
    if dropped and all(view.is_new(table, statement) for table in dropped):
        return
    subject = _subject(statement)
    yield Concern(
        f"{subject} is dropped with all that depends on it, whatever that is in the target database.",
        subject=subject,
        lock="ACCESS EXCLUSIVE on each table that loses something.",
        fix="Drop what depends on it by name, in statements before; then leave CASCADE out.",
    )


def _subject(statement: Statement) -> str:
    for effect in statement.effects:
        name = f".{effect.column.name}" if isinstance(effect, DropColumn) else ""
        return f"{effect.table}{name}"
    found = key_after(statement, *statement.words[:2])
    return str(found) if found is not None else " ".join(statement.words[:2])
