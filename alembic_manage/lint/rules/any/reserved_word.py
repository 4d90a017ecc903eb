"""A new table or column whose name is a word of SQL."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn, CreateTable, RenameColumn, RenameTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A name is a word of SQL"
SEVERITY = Severity.NOTICE
BY_SIZE = False


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new name that must be in quotes wherever somebody writes it."""
    if statement.is_part_of_rebuild:
        return
    reserved = view.context.dialect.identifier_preparer.reserved_words
    for kind, path, name in _names(statement):
        if name.lower() in reserved:
            yield Concern(
                f"The {kind} {path} has a word of SQL for a name: in SQL that people write it needs quotes.",
                subject=path,
                fix=f"Another name, such as {name}s or {name}_name; the attribute of the model may keep its own.",
            )


def _names(statement: Statement) -> Iterator[tuple[str, str, str]]:
    for created in statement.of(CreateTable):
        yield "table", str(created.table), created.table.name
        for column in created.made.columns:
            yield "column", f"{created.table}.{column}", column
    for added in statement.of(AddColumn):
        yield "column", f"{added.table}.{added.column.name}", added.column.name
    for renamed in statement.of(RenameColumn):
        yield "column", f"{renamed.table}.{renamed.new}", renamed.new
    for moved in statement.of(RenameTable):
        yield "table", str(moved.new), moved.new.name
