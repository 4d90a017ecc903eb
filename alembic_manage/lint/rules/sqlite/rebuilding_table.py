"""A table that a batch makes anew."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RebuildTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed

TITLE = "SQLite makes the table anew, and copies every row"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table in use that is made anew, with the tables that refer to it."""
    for effect in statement.of(RebuildTable):
        if view.is_new(effect.table, statement):
            continue
        referring = sorted(
            {str(table.key) for table, _ in statement.before.referring(effect.table)} - {str(effect.table)}
        )
        also = f" {listed(referring)} refer to it: with foreign_keys=ON their rows may go." if referring else ""
        yield Concern(
            f"{effect.table} is copied into a new table; its triggers are gone, and views of it may fail.{also}",
            subject=str(effect.table),
            lock="The whole database: nobody else writes until the rows are copied.",
            fix="SELECT name, sql FROM sqlite_master WHERE type = 'trigger': make them again behind the batch.",
            table=effect.table,
        )
