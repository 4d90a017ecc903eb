"""DROP INDEX without CONCURRENTLY on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import DropIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit, of_schema
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python

TITLE = "Nobody reads or writes a table while one of its indexes is dropped"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("require-concurrent-index-deletion",)
STRONG_MIGRATIONS = ("remove_index",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each index that is dropped from a table that was there before the migration."""
    if not statement.begins("DROP INDEX") or statement.says("CONCURRENTLY"):
        return
    for effect in statement.of(DropIndex):
        if view.is_new(effect.table, statement):
            continue
        name, table = effect.index.name, effect.table
        call = f"op.drop_index({python(name)}, {python(table.name)}{of_schema(table)}, postgresql_concurrently=True)"
        yield Concern(
            f"DROP INDEX {name} waits for every query on {table}, and all that come later wait behind it.",
            subject=f"{table}.{name}",
            lock=f"ACCESS EXCLUSIVE on {table}: reads and writes wait; short, once it is there.",
            fix=autocommit(call),
            table=table,
        )
