"""The columns that a statement gives a type."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn, AlterColumn, CreateTable
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Column, Key


def columns_made(statement: Statement) -> Iterator[tuple[Key, Column]]:
    """Columns of new tables, and new columns."""
    for created in statement.of(CreateTable):
        yield from ((created.table, column) for column in created.made.columns.values())
    for added in statement.of(AddColumn):
        yield added.table, added.column


def columns_given(statement: Statement) -> Iterator[tuple[Key, Column]]:
    """Columns of new tables, new columns, and those that get another type."""
    yield from columns_made(statement)
    for altered in statement.of(AlterColumn):
        if repr(altered.before.type) != repr(altered.after.type):
            yield altered.table, altered.after
