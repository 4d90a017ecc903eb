"""A new value of an enum, used in the transaction that adds it."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterEnum, CreateEnum
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import strings
from alembic_manage.lint.postgresql.code import autocommit, execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "A new enum value cannot be used in the transaction that adds it"
SEVERITY = Severity.ERROR
BY_SIZE = False
ADDS_IN_TRANSACTION = (12,)
"""Since then a value can be added in a transaction, but not used there.

Source: PostgreSQL 12 release notes, "Allow enumerated values to be added more flexibly".
"""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each value that is added in a transaction where that fails, or where its use does."""
    for effect in statement.of(AlterEnum):
        if statement.is_autocommit or not effect.added or _is_new_type(effect.table, statement, view):
            continue
        for label in effect.added:
            why = _why(label, statement, view)
            if why is not None:
                yield Concern(
                    f"{why}: the migration fails.",
                    subject=f"{effect.table}.{label}",
                    fix=autocommit(execute(f"ALTER TYPE {quoted(effect.table)} ADD VALUE '{label}'")),
                )


def _why(label: str, statement: Statement, view: RevisionView) -> str | None:
    if view.context.server_version < ADDS_IN_TRANSACTION:
        return f"Before PostgreSQL 12 the value '{label}' cannot be added in a transaction"
    later = view.statements[view.statements.index(statement) + 1 :]
    if any(other in later and label in strings(other) for other in view.same_transaction(statement)):
        return f"The value '{label}' is used in the transaction that adds it"
    return None


def _is_new_type(key: Key, statement: Statement, view: RevisionView) -> bool:
    """Whether the same transaction made the type: its values can be used at once."""
    return any(made.table == key for other in view.same_transaction(statement) for made in other.of(CreateEnum))
