"""Locks on several tables in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import DropConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.locks import LockMode, locks_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed
from alembic_manage.state.objects import Key

TITLE = "One transaction locks several tables"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """The first statement of a transaction that locks a second table in use.

    To drop one foreign key locks two tables, and cannot do otherwise.
    """
    if statement.is_autocommit:
        return
    earlier = [other for other in view.same_transaction(statement) if other in view.earlier(statement)]
    locking = [other for other in earlier if _exclusive(other, view)]
    held = list(dict.fromkeys(table for other in locking for table in _exclusive(other, view)))
    added = [table for table in _exclusive(statement, view) if table not in held]
    tables = [*held, *added]
    is_told = len(held) > 1 and not (len(locking) == 1 and _drops_one_key(locking[0]))
    is_first = not held and _drops_one_key(statement)
    if added and len(tables) > 1 and not is_told and not is_first:
        other = tables[max(len(held), 1)]
        yield Concern(
            f"{tables[0]} stays locked while the transaction waits for {other}, and until both are done.",
            subject=str(other),
            lock=f"ACCESS EXCLUSIVE on {listed(map(str, tables))}: reads and writes wait until the transaction ends.",
            fix="Put what concerns each table into a migration of its own.",
            table=tables[0],
        )


def _drops_one_key(statement: Statement) -> bool:
    return len(statement.effects) == 1 and next(statement.of(DropConstraint), None) is not None


def _exclusive(statement: Statement, view: RevisionView) -> list[Key]:
    return [
        table
        for table, mode in locks_of(statement).items()
        if mode is LockMode.ACCESS_EXCLUSIVE and not view.is_new(table, statement)
    ]
