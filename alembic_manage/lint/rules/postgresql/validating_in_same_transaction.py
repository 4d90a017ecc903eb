"""VALIDATE CONSTRAINT in a transaction that keeps a strong lock."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import in_next, validate
from alembic_manage.lint.postgresql.locks import LockMode, locks_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "A constraint is validated while its table is locked"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("constraint-missing-not-valid",)
STRONG_MIGRATIONS = ("validate_check_constraint", "validate_foreign_key")


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each VALIDATE behind a statement of the same transaction that locks the table."""
    if not statement.says("VALIDATE CONSTRAINT") or statement.is_autocommit:
        return
    table, name = key_after(statement, "ALTER", "TABLE"), key_after(statement, "VALIDATE", "CONSTRAINT")
    if table is None or name is None or view.is_new(table, statement):
        return
    mode = _held(statement, view, table)
    if mode is not None:
        yield Concern(
            f"{name} is validated while {table} is still locked by an earlier statement of the same transaction.",
            subject=f"{table}.{name}",
            lock=f"{mode.text} on {table}, until every row is read.",
            fix=in_next(validate(table, str(name))),
            table=table,
        )


def _held(statement: Statement, view: RevisionView, table: Key) -> LockMode | None:
    """The strongest lock that the transaction has on a table already."""
    earlier = view.earlier(statement)
    modes = [
        locks_of(other)[table]
        for other in view.same_transaction(statement)
        if other in earlier and table in locks_of(other)
    ]
    return max(modes, default=None)
