"""A table that goes, with its rows."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import DropTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.plan import CONTRACT

TITLE = "A table goes, with its rows"
SEVERITY = Severity.ERROR
BY_SIZE = True
SQUAWK = ("ban-drop-table",)
STRONG_MIGRATIONS = ("create_table",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table that is dropped, and was there before the migration."""
    if view.revision.phase == CONTRACT:
        return  # only new code runs by then
    for effect in statement.of(DropTable):
        if view.is_new(effect.table, statement):
            continue
        referring = sorted({str(table.key) for table, _ in statement.before.referring(effect.table)})
        also = f" So do the foreign keys of {', '.join(referring)} to it." if referring else ""
        yield Concern(
            f"Table {effect.table} and its rows go for good.{also}",
            subject=str(effect.table),
            fix=(
                "Release code that does not use the table first. Keep its rows until you are sure:\n"
                f"    python manage.py dumpdata {effect.table} -o {effect.table.name}.jsonl.gz"
            ),
            table=effect.table,
        )
