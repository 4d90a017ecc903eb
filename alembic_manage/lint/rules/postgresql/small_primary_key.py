"""A primary key of four or two bytes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import types

from alembic_manage.lint.effects import AddConstraint, CreateTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Column, Key, PrimaryKey

TITLE = "A primary key of four bytes has an end"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each primary key of one column that counts to two thousand millions at most."""
    for table, column in _keys(statement):
        if _is_small(column):
            yield Concern(
                f"{table}.{column.name} ends at {_last(column):,}; to make it larger later copies the table.",
                subject=f"{table}.{column.name}",
                fix=f"{column.name} = mapped_column(BigInteger, primary_key=True)",
            )


def _keys(statement: Statement) -> Iterator[tuple[Key, Column]]:
    """The columns that are the whole primary key of a table, and refer to no other."""
    found = [(each.table, each.made.primary_key) for each in statement.of(CreateTable)]
    found += [(e.table, e.constraint) for e in statement.of(AddConstraint) if isinstance(e.constraint, PrimaryKey)]
    for key, primary in found:
        table = statement.after.table(key)
        if (
            primary is None
            or len(primary.columns) != 1
            or any(primary.columns == k.columns for k in table.foreign_keys)
        ):
            continue
        yield key, table.columns[primary.columns[0]]


def _is_small(column: Column) -> bool:
    return isinstance(column.type, types.Integer) and not isinstance(column.type, types.BigInteger)


def _last(column: Column) -> int:
    return 2**15 - 1 if isinstance(column.type, types.SmallInteger) else 2**31 - 1
