"""REINDEX without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import autocommit, execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "REINDEX stops a table until its indexes are built again"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("require-concurrent-reindex",)
HAS_CONCURRENTLY = (12,)
"""Source: PostgreSQL 12 release notes, "Add REINDEX CONCURRENTLY option"."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each REINDEX of what is in use; that of the system has no other way."""
    if not statement.begins("REINDEX") or statement.says("CONCURRENTLY") or "SYSTEM" in statement.words:
        return
    kind = next((word for word in statement.words if word in ("TABLE", "INDEX", "SCHEMA", "DATABASE")), "INDEX")
    named = key_after(statement, kind)
    table = _table(statement, kind, named)
    if table is not None and view.is_new(table, statement):
        return
    yield Concern(
        f"Writes to {table or 'the tables'} wait until REINDEX is done, and so do most queries.",
        subject=str(named) if named is not None else "REINDEX",
        lock="SHARE on the table, ACCESS EXCLUSIVE on the index, until it is built again.",
        fix=_fix(kind, named) if named is not None and view.context.server_version >= HAS_CONCURRENTLY else None,
        table=table,
    )


def _table(statement: Statement, kind: str, named: Key | None) -> Key | None:
    """The table that is meant; None where it is not known, or there are several."""
    if named is None or kind not in ("TABLE", "INDEX"):
        return None
    if kind == "TABLE":
        return named
    found = statement.before.index(named.name, None, named.schema)
    return found[0].key if found is not None else None


def _fix(kind: str, named: Key) -> str:
    return autocommit(execute(f"REINDEX {kind} CONCURRENTLY {quoted(named)}"))
