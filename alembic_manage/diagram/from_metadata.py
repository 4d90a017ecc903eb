"""Makes a diagram of SQLAlchemy's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column as SAColumn
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy import Table as SATable
from sqlalchemy.exc import NoReferenceError

from alembic_manage.diagram.diagram import Column, Diagram, Relation, Table
from alembic_manage.sql.type_text import type_text

if TYPE_CHECKING:
    from sqlalchemy import Dialect, MetaData

LONGEST_TYPE = 28
"""In characters; an enum's labels would make a table as wide as the page."""


def diagram_of(found: Iterable[MetaData], dialect: Dialect, title: str) -> Diagram:
    """All tables of the MetaData objects, in the order of their names.

    Args:
        found: where the tables are.
        dialect: whose names types get.
        title: what the diagram is of.
    """
    tables = {table.fullname: table for metadata in found for table in metadata.tables.values()}
    inside = [tables[name] for name in sorted(tables)]
    relations = [each for table in inside for each in _relations(table) if each.parent in tables]
    return Diagram(title, tuple(_table(table, dialect) for table in inside), tuple(relations))


def _table(table: SATable, dialect: Dialect) -> Table:
    return Table(
        table.fullname,
        tuple(_column(column, dialect) for column in table.columns),
        " ".join((table.comment or "").split()),
    )


def _column(column: SAColumn[Any], dialect: Dialect) -> Column:
    return Column(
        str(column.name),
        _type(column, dialect),
        is_primary=column.primary_key,
        is_foreign=bool(column.foreign_keys),
        is_unique=any(key == {column.name} for key in _keys(column.table)),
        is_nullable=bool(column.nullable),
    )


def _type(column: SAColumn[Any], dialect: Dialect) -> str:
    text = type_text(column.type, dialect) or type(column.type).__name__
    text = " ".join(text.split()).lower() if text.isupper() else " ".join(text.split())
    return text if len(text) <= LONGEST_TYPE else f"{text[: LONGEST_TYPE - 1]}…"


def _relations(table: SATable) -> Iterator[Relation]:
    for key in sorted(table.foreign_key_constraints, key=lambda each: list(each.column_keys)):
        columns = [str(column.name) for column in key.columns]
        yield Relation(
            table.fullname,
            _parent(key),
            tuple(columns),
            is_optional=any(column.nullable for column in key.columns),
            is_single=any(each <= set(columns) for each in _keys(table)),
        )


def _parent(key: ForeignKeyConstraint) -> str:
    try:
        return key.referred_table.fullname
    except NoReferenceError:  # it is in another MetaData
        return key.elements[0].target_fullname.rpartition(".")[0]


def _keys(table: SATable) -> Iterator[set[str]]:
    """The sets of columns in which no two rows are the same."""
    found = [table.primary_key, *(each for each in table.constraints if isinstance(each, UniqueConstraint))]
    for constraint in found:
        if len(constraint.columns):
            yield {str(column.name) for column in constraint.columns}
    for index in table.indexes:
        whole = not any(name.endswith("_where") and value is not None for name, value in index.kwargs.items())
        if index.unique and whole and len(index.columns) == len(index.expressions):
            yield {str(column.name) for column in index.columns}
