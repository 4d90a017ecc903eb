"""Finds the record of a fixture that refers to a row that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, ForeignKeyConstraint

from alembic_manage.data.fixture import Fixture
from alembic_manage.data.layout import Layout
from alembic_manage.data.record import Record
from alembic_manage.data.row import Row

_MOST = 100
"""How many different missing parents of a key are looked at."""
Values = tuple[Any, ...]
Missing = Mapping[str, Sequence[tuple[ForeignKeyConstraint, frozenset[Values]]]]


def first_orphan(
    connection: Connection,
    layouts: Sequence[Layout],
    fixtures: Iterable[Fixture],
    row_of: Callable[[Record], Row | None],
) -> tuple[Row, str] | None:
    """The first row of fixtures whose parent is missing, and what to say of it; None where none is.

    Rows that were orphans before the load are none of a fixture's.

    Args:
        connection: in the transaction of the load.
        layouts: of the tables that were loaded.
        fixtures: read once more, where parents are missing.
        row_of: gives the row of a record, or None where it is left out.
    """
    missing = {layout.table.key: found for layout in layouts if (found := _missing(connection, layout))}
    if not missing:
        return None
    for fixture in fixtures:
        for record in fixture.records():
            row = row_of(record)
            text = _text(row, missing) if row else None
            if row and text:
                return row, text
    return None


def _missing(connection: Connection, layout: Layout) -> list[tuple[ForeignKeyConstraint, frozenset[Values]]]:
    """The foreign keys of a table with rows whose parents are missing, and how these keys begin to be."""
    found = []
    for key in layout.table.foreign_key_constraints:
        values = _orphaned(connection, layout, key)
        if values:
            found.append((key, values))
    return found


def _orphaned(connection: Connection, layout: Layout, key: ForeignKeyConstraint) -> frozenset[Values]:
    child, parent = key.table, key.referred_table.alias()
    pairs = [(element.parent, parent.columns[str(element.column.key)]) for element in key.elements]
    own = [column for column, _ in pairs]
    joined = child.outerjoin(parent, sa.and_(*(column == other for column, other in pairs)))
    shown = [layout.by_name[str(column.name)].selected(column) for column in own]
    query = sa.select(*shown).select_from(joined).where(*(column.is_not(None) for column in own))
    rows = connection.execute(query.where(pairs[0][1].is_(None)).distinct().limit(_MOST))
    return frozenset(tuple(row) for row in rows)


def _text(row: Row, missing: Missing) -> str | None:
    for key, values in missing.get(row.layout.table.key, ()):
        names = [element.parent.name for element in key.elements]
        said = tuple(row.values.get(name) for name in names)
        if said in values:
            shown = ", ".join(map(str, said))
            return f"field '{', '.join(names)}': there is no row of {key.referred_table.key} with the key {shown}"
    return None
