"""A foreign key or a CHECK, for which MariaDB copies the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.constraints import is_unchecked
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check, ForeignKey

TITLE = "A foreign key or a CHECK copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each foreign key and CHECK that is added to a table in use; a foreign key only while the server checks them."""
    for effect in statement.of(AddConstraint):
        constraint = effect.constraint
        if not isinstance(constraint, ForeignKey | Check) or view.is_new(effect.table, statement):
            continue
        if isinstance(constraint, ForeignKey) and is_unchecked(statement, view):
            continue
        kind = "foreign key" if isinstance(constraint, ForeignKey) else "CHECK"
        yield Concern(
            f"For the {kind} {constraint.name} every row of {effect.table} is copied.",
            subject=f"{effect.table}.{constraint.name}",
            lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
            fix=_fix(effect.table.name) if isinstance(constraint, ForeignKey) else None,
            table=effect.table,
        )


def _fix(table: str) -> str:
    return (
        f"Look for rows of {table} that refer to nothing first; then the server need not look at them:\n"
        '    op.execute("SET SESSION foreign_key_checks = 0")\n'
        "    op.create_foreign_key(...)\n"
        '    op.execute("SET SESSION foreign_key_checks = 1")'
    )
