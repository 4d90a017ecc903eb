"""Locks on several tables in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

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
    """The first statement of a transaction that locks a second table in use."""
    if statement.is_autocommit:
        return
    held = _held(view, statement)
    added = [table for table in _exclusive(statement, view) if table not in held]
    tables = [*held, *added]
    if added and len(held) <= 1 and len(tables) > 1:
        yield Concern(
            f"{tables[0]} stays locked while the transaction waits for {tables[1]}, and until both are done.",
            subject=str(tables[1]),
            lock=f"ACCESS EXCLUSIVE on {listed(map(str, tables))}: reads and writes wait until the transaction ends.",
            fix="Put what concerns each table into a migration of its own.",
            table=tables[0],
        )


def _held(view: RevisionView, statement: Statement) -> list[Key]:
    """The tables that the transaction has locked before a statement, in order."""
    earlier = view.earlier(statement)
    found = [
        table for other in view.same_transaction(statement) if other in earlier for table in _exclusive(other, view)
    ]
    return list(dict.fromkeys(found))


def _exclusive(statement: Statement, view: RevisionView) -> list[Key]:
    return [
        table
        for table, mode in locks_of(statement).items()
        if mode is LockMode.ACCESS_EXCLUSIVE and not view.is_new(table, statement)
    ]
