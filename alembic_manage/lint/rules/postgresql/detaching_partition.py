"""DETACH PARTITION without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import autocommit, execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A partitioned table stops while a partition is taken off"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("require-concurrent-partition-detach",)
HAS_CONCURRENTLY = (14,)
"""Source: PostgreSQL 14 release notes, "Allow partitions to be detached in a non-blocking manner"."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each DETACH PARTITION of a table in use that keeps others waiting."""
    if not statement.says("DETACH PARTITION") or "CONCURRENTLY" in statement.words or "FINALIZE" in statement.words:
        return
    part, parent = key_after(statement, "DETACH", "PARTITION"), key_after(statement, "ALTER", "TABLE")
    if part is None or parent is None or view.is_new(parent, statement):
        return
    detach = execute(f"ALTER TABLE {quoted(parent)} DETACH PARTITION {quoted(part)} CONCURRENTLY")
    yield Concern(
        f"DETACH PARTITION {part} waits for every query on {parent}, and all that come later wait behind it.",
        subject=f"{parent}.{part}",
        lock=f"ACCESS EXCLUSIVE on {parent} and {part}: reads and writes wait; short, once it is there.",
        fix=autocommit(detach) if view.context.server_version >= HAS_CONCURRENTLY else None,
        table=parent,
    )
