"""The index that a foreign key needs: which one serves it, and the one that the server makes where none does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from alembic_manage.state.objects import ForeignKey, Index, IndexPart
from alembic_manage.state.schema.table import Table

_DESCENDING = re.compile(r"\s*(?:`((?:[^`]|``)+)`|(\w+))\s+DESC\s*", re.IGNORECASE)


def serves(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index of some columns begins with others."""
    return index[: len(columns)] == columns


def in_any_order(index: Index) -> tuple[str, ...]:
    """The parts of an index, those that are columns by their names, descending ones too: such an index serves a foreign
    key as well. Source: MariaDB 10.11, measured.
    """
    found = [(part, None if part.is_column else _DESCENDING.fullmatch(part.text)) for part in index.parts]
    return tuple(match[1] or match[2] if match else part.text for part, match in found)


def lasting(indexes: Iterable[Index], columns: tuple[str, ...]) -> tuple[Index, ...]:
    """The indexes that stay where something new begins with columns: one that was made for a foreign key gives way."""
    return tuple(each for each in indexes if not (each.is_implied and serves(columns, each.columns)))


def is_served(table: Table, columns: tuple[str, ...], indexes: Iterable[Index] | None = None) -> bool:
    """Whether an index of the table, or its primary key, begins with these columns.

    Args:
        table: of the index.
        columns: those that need it.
        indexes: the ones that count; None for all of the table.
    """
    existing = [in_any_order(index) for index in (table.indexes if indexes is None else indexes)]
    existing += [table.primary_key.columns] if table.primary_key else []
    return any(serves(each, columns) for each in existing)


def with_implied_index(table: Table, foreign_key: ForeignKey) -> Table:
    """With the index that the server makes for a foreign key which no other index serves.

    One that was made for another foreign key gives way to it.
    Source: MariaDB 10.11, mysql_prepare_create_table (sql/sql_table.cc), "mark that the generated key should be
    ignored".
    """
    columns = foreign_key.columns
    kept = lasting(table.indexes, columns)
    if is_served(table, columns, kept):
        return table
    # Without a name of the user's it is called after its first column.
    name = columns[0] if foreign_key.is_name_generated else str(foreign_key.name)
    taken = {index.name for index in kept}
    number = 2
    while name in taken:
        name, number = f"{columns[0]}_{number}", number + 1
    parts = tuple(IndexPart(column) for column in columns)
    return replace(table, indexes=(*kept, Index(name, parts, is_implied=True)))
