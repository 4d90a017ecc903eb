"""An EXCLUDE constraint on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Exclude

TITLE = "An exclusion constraint stops the table while its index is built"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("constraint-missing-not-valid",)
STRONG_MIGRATIONS = ("add_exclusion_constraint",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each EXCLUDE of a table that was there before the migration."""
    for effect in statement.of(AddConstraint):
        if isinstance(effect.constraint, Exclude) and not view.is_new(effect.table, statement):
            yield Concern(
                f"Nobody can read or write {effect.table} until every row is compared for {effect.constraint.name}.",
                subject=f"{effect.table}.{effect.constraint.name}",
                lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the index is built.",
                fix="PostgreSQL knows no other way: run it while the table is not used, or make a new table with it.",
                table=effect.table,
            )
