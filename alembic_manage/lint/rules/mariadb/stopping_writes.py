"""An ALTER TABLE that MariaDB makes while writes wait."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn, AddConstraint, CreateIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check, Column, ForeignKey, Key

TITLE = "The change stops writes until it is done"
SEVERITY = Severity.WARNING
BY_SIZE = True
_KINDS = {ForeignKey: "foreign key", Check: "CHECK"}
_AT_ONCE = ("'", "current_timestamp", "now(")
"""Defaults that are one value for all rows, though they may hold a parenthesis."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each change of a table in use that MariaDB makes with ALGORITHM=COPY, or with LOCK=SHARED."""
    for table, subject, what in _changes(statement):
        if not view.is_new(table, statement):
            yield Concern(
                f"{what}: writes to {table} wait until it is done.",
                subject=f"{table}.{subject}" if subject else str(table),
                lock=f"LOCK=SHARED on {table}: reads go on, writes wait.",
                fix="At a quiet hour, or with a tool that copies while others write (pt-online-schema-change).",
                table=table,
            )


def _changes(statement: Statement) -> Iterator[tuple[Key, str, str]]:
    """The table, the object, and what is done; by the list that was tried on a server."""
    for added in statement.of(AddConstraint):
        kind = _KINDS.get(type(added.constraint))
        if kind is not None:
            yield added.table, str(added.constraint.name or ""), f"A {kind} copies the table"
    for column in statement.of(AddColumn):
        why = _column(column.column)
        if why is not None:
            yield column.table, column.column.name, why
    for index in statement.of(CreateIndex):
        if "FULLTEXT" in statement.words or "SPATIAL" in statement.words:
            yield index.table, index.index.name, "A full-text or spatial index reads the table"
    if statement.says("CONVERT TO CHARACTER SET") or statement.says("CONVERT TO CHARSET"):
        table = key_after(statement, "ALTER", "TABLE")
        if table is not None:
            yield table, "", "Another character set copies the table"


def _column(column: Column) -> str | None:
    """Why a new column stops writes; None where it is added at once."""
    if column.computed is not None and column.computed.persisted:
        return "A stored computed column copies the table"
    if column.autoincrement:
        return "A column that numbers the rows rebuilds the table"
    if column.default is not None and "(" in column.default and not column.default.lower().startswith(_AT_ONCE):
        return "A default that is computed for each row copies the table"
    return None
