"""REFRESH MATERIALIZED VIEW without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "Nobody reads a materialized view while it is refreshed"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each refresh that computes the view while it is locked."""
    if not statement.begins("REFRESH MATERIALIZED VIEW") or "CONCURRENTLY" in statement.words:
        return
    name = key_after(statement, "MATERIALIZED", "VIEW")
    if statement.says("WITH NO DATA") or name is None or _is_new(name, statement, view):
        return
    yield Concern(
        f"SELECT from {name} waits until its query has run.",
        subject=str(name),
        lock=f"ACCESS EXCLUSIVE on {name}.",
        fix=execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {quoted(name)}"),
    )


def _is_new(name: Key, statement: Statement, view: RevisionView) -> bool:
    return any(
        key_after(other, "MATERIALIZED", "VIEW") == name
        for other in view.earlier(statement)
        if other.begins("CREATE MATERIALIZED VIEW")
    )
