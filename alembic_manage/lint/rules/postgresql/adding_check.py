"""A CHECK that reads the whole table while everybody waits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, in_next, quoted, validate
from alembic_manage.lint.postgresql.constraints import is_not_valid
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check

TITLE = "A CHECK stops the table while it is checked"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("constraint-missing-not-valid",)
STRONG_MIGRATIONS = ("add_check_constraint",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each CHECK of a table in use that is not NOT VALID."""
    for effect in statement.of(AddConstraint):
        check = effect.constraint
        if not isinstance(check, Check) or view.is_new(effect.table, statement) or is_not_valid(statement, check):
            continue
        add = f"ALTER TABLE {quoted(effect.table)} ADD CONSTRAINT {quoted(check.name)} CHECK ({check.text}) NOT VALID"
        yield Concern(
            f"Nobody can read or write {effect.table} until {check.name} is checked for every row.",
            subject=f"{effect.table}.{check.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until every row is read.",
            fix="\n".join([execute(add), in_next(validate(effect.table, str(check.name)))]),
            table=effect.table,
        )
