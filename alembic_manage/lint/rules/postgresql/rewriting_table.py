"""A statement that writes a whole table anew."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import autocommit, execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "The whole table is written anew while nobody can use it"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("prefer-repack",)
_WAYS = {
    "SET LOGGED": "ALTER TABLE",
    "SET UNLOGGED": "ALTER TABLE",
    "SET TABLESPACE": "ALTER TABLE",
    "SET ACCESS METHOD": "ALTER TABLE",
}
REPACK = (19,)
"""Since then REPACK writes a table anew while others use it.

Source: PostgreSQL 19 manual, "REPACK".
"""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """VACUUM FULL, CLUSTER, and the forms of ALTER TABLE that copy it."""
    found = _what(statement)
    if found is None:
        return
    words, table = found
    if table is None or not view.is_new(table, statement):
        yield Concern(
            f"{words} writes {table or 'every table'} anew, and nobody reads or writes it meanwhile.",
            subject=str(table or words),
            lock=f"ACCESS EXCLUSIVE on {table or 'each table'}: reads and writes wait until it is copied.",
            fix=_fix(words, table, view.context.server_version),
            table=table,
        )


def _what(statement: Statement) -> tuple[str, Key | None] | None:
    """The words, and the table; None for other statements."""
    if statement.begins("VACUUM") and "FULL" in statement.words:
        behind = key_after(statement, ")") if "(" in statement.words else key_after(statement, "FULL")
        return "VACUUM FULL", behind
    if statement.begins("CLUSTER"):
        return "CLUSTER", key_after(statement, "CLUSTER")
    for words, verb in _WAYS.items():
        if statement.begins(verb) and statement.says(words):
            return words, key_after(statement, "ALTER", "TABLE")
    return None


def _fix(words: str, table: Key | None, server_version: tuple[int, ...]) -> str | None:
    if table is None or words not in ("VACUUM FULL", "CLUSTER"):
        return None
    if server_version >= REPACK:
        return autocommit(execute(f"REPACK (CONCURRENTLY) {quoted(table)}"))
    return f"Outside of migrations: pg_repack --table={table}"
