"""A batch that drops a table to which others refer with ON DELETE."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RebuildTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed

TITLE = "A rebuilt table takes the rows that refer to it"
SEVERITY = Severity.WARNING
BY_SIZE = False
_HARMLESS = (None, "NO ACTION", "RESTRICT")


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table that is made anew, while foreign keys of others say what becomes of their rows when it is dropped."""
    for effect in statement.of(RebuildTable):
        if view.is_new(effect.table, statement):
            continue
        referring = {
            str(table.key)
            for table, key in statement.before.referring(effect.table)
            if (key.ondelete.upper() if key.ondelete else None) not in _HARMLESS
        }
        if referring:
            yield Concern(
                f"{effect.table} is dropped and made anew: with foreign keys on, that deletes or changes the rows of "
                f"{listed(sorted(referring))} that refer to it.",
                subject=str(effect.table),
                fix="Run it with manage.py migrate, which turns foreign keys off meanwhile. For plain Alembic, before "
                'the transaction:\n    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")',
            )
