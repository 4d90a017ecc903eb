"""Two diagrams of the same tables, before and after: what differs is marked, what does not is shortened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alembic_manage.diagram.diagram import Column, Diagram, Mark, Table

SHOWN_WHOLE = 8
"""A table with so many columns is shown with all of them."""
Path = tuple[str, str]
"""A table and a column of it."""


@dataclass(frozen=True)
class Renames:
    """What has another name afterwards."""

    tables: Mapping[str, str] = field(default_factory=dict)
    """The new name by the old one."""
    columns: Mapping[Path, str] = field(default_factory=dict)
    """The new name by the old table and the old name."""


def compared(
    before: Diagram, after: Diagram, altered: Collection[Path] = (), renames: Renames | None = None
) -> tuple[Diagram, Diagram]:
    """Both diagrams, marked and shortened.

    Args:
        before: the tables before, those that do not change among them.
        after: the tables after.
        altered: columns, by their names afterwards, that differ in more than a diagram shows.
        renames: what is the same although its name differs.
    """
    names = renames or Renames()
    left = {table.name: table for table in before.tables}
    right = {table.name: table for table in after.tables}
    new_name = {name: names.tables.get(name, name) for name in left}
    old_name = {new: old for old, new in new_name.items()}
    lefts = [_left(table, right.get(new_name[table.name]), altered, names) for table in before.tables]
    rights = [_right(table, left.get(old_name.get(table.name, table.name)), altered, names) for table in after.tables]
    return replace(before, tables=tuple(lefts)), replace(after, tables=tuple(rights))


def _left(table: Table, later: Table | None, altered: Collection[Path], names: Renames) -> Table:
    if later is None:
        return replace(table, mark=Mark.REMOVED)
    columns = {column.name: column for column in later.columns}
    marked = []
    for column, new in _later_names(table, names):
        other = columns.get(new) if new is not None else None
        marked.append(_marked(column, other, Mark.REMOVED, (later.name, new) in altered))
    return replace(table, columns=_shortened(marked), mark=_renamed(table, later))


def _right(table: Table, earlier: Table | None, altered: Collection[Path], names: Renames) -> Table:
    if earlier is None:
        return replace(table, mark=Mark.ADDED)
    old = {new: column for column, new in _later_names(earlier, names)}
    marked = [
        _marked(column, old.get(column.name), Mark.ADDED, (table.name, column.name) in altered)
        for column in table.columns
    ]
    return replace(table, columns=_shortened(marked), mark=_renamed(earlier, table))


def _later_names(table: Table, names: Renames) -> Iterator[tuple[Column, str | None]]:
    """Each column with its name afterwards; None where another one has taken that, so that it is gone."""
    taken = {new for (name, _), new in names.columns.items() if name == table.name}
    for column in table.columns:
        new = names.columns.get((table.name, column.name))
        yield column, new or (column.name if column.name not in taken else None)


def _marked(column: Column, other: Column | None, alone: Mark, is_altered: bool) -> Column:
    if other is None:
        return replace(column, mark=alone)
    return replace(column, mark=Mark.ALTERED) if is_altered or other != column else column


def _renamed(before: Table, after: Table) -> Mark | None:
    return Mark.ALTERED if before.name != after.name or before.comment != after.comment else None


def _shortened(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The keys and what differs; the others as one line where they are many."""
    kept = [column for column in columns if column.mark or column.is_primary or column.is_foreign]
    left_out = len(columns) - len(kept)
    if len(columns) <= SHOWN_WHOLE or left_out < 2:
        return tuple(columns)
    return (*kept, Column(f"{left_out} more columns", "", mark=Mark.LEFT_OUT))


def keys_only(table: Table) -> Table:
    """A table that is there for the sake of others: its primary key, and how many columns it has besides."""
    keys = [column for column in table.columns if column.is_primary]
    left_out = len(table.columns) - len(keys)
    rest = (Column(f"{left_out} more columns", "", mark=Mark.LEFT_OUT),) if left_out > 1 else ()
    return replace(table, columns=(*keys, *rest)) if rest else table
