"""What uses a column: constraints, indexes, and foreign keys of other tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field

from alembic_manage.autodetect.candidates.name_similarity import is_key, words
from alembic_manage.state.expression import with_renamed
from alembic_manage.state.objects import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    columns_of,
)
from alembic_manage.state.schema import Schema, Table

ITSELF = "\0itself"
"""Stands for the name of the column that is looked at."""
ONLY_KEY = (PrimaryKey.kind, (ITSELF,))
"""Among what uses a column: it is the primary key, alone."""
CHANGED = "\0changed"
"""Stands for the names of other columns that are gone or new."""


@dataclass(frozen=True)
class Usage:
    """Everything that uses a column, its name left out, so that equal usages of two columns are equal values."""

    shared: Counter[Hashable] = field(default_factory=Counter)
    """What involves further columns, or an expression, or other tables: seldom alike by chance."""
    own: Counter[Hashable] = field(default_factory=Counter)
    """Constraints and indexes of this column alone, but for foreign keys."""
    targets: frozenset[Key] = frozenset()
    """The tables that it refers to."""
    named_targets: frozenset[Key] = frozenset()
    """Those, or where no foreign key says it, the one whose name is in its own."""


def usage(schema: Schema, table: Table, column: str, unstable: Collection[str]) -> Usage:
    """What uses a column of a table.

    Args:
        schema: where other tables are.
        table: the column's.
        column: its name.
        unstable: names of the table's columns that are gone or new, whose names tell nothing.
    """

    def stand_in(name: str) -> str:
        return ITSELF if name == column else CHANGED if name in unstable else name

    targets = frozenset(key.referred for key in table.foreign_keys if column in key.columns)
    found = Usage(targets=targets, named_targets=targets or _named_after(schema, column))
    for each in (*table.constraints, *table.indexes):
        if column in columns_of(each, table.columns):
            part = found.own if _is_of_one(each) else found.shared
            part[_signature(each, column, stand_in)] += 1
    found.shared.update(_referrers(schema, table.key, column))
    return found


def _named_after(schema: Schema, column: str) -> frozenset[Key]:
    """The tables that a name tells of, the longest of their names: work_phases, and not phases, in work_phase_id."""
    named = words(column)[:-1] if is_key(column) else ()
    for start in range(len(named)):
        found = frozenset(key for key in schema.shown_tables if words(key.name) == named[start:])
        if found:
            return found
    return frozenset()


def _is_of_one(each: Constraint | Index) -> bool:
    """Whether a constraint or index is about one column, as a plain name."""
    if isinstance(each, Index):
        return len(each.parts) == 1 and each.parts[0].is_column and not _filled(each)
    return not isinstance(each, Check | Exclude) and len(each.columns) == 1


def _signature(each: Constraint | Index, column: str, stand_in: Callable[[str], str]) -> Hashable:
    if isinstance(each, Check):
        return "check", _text(each.text, column)
    if isinstance(each, Exclude):
        return "exclude", tuple((_text(text, column), operator) for text, operator in each.elements)
    if isinstance(each, Index):
        parts = tuple(stand_in(part.text) if part.is_column else _text(part.text, column) for part in each.parts)
        options = tuple((name, _text(str(value), column)) for name, value in sorted(_filled(each).items()))
        return "unique" if each.unique else "index", parts, options
    columns = tuple(map(stand_in, each.columns))
    if isinstance(each, ForeignKey):
        return "foreignkey", columns, each.referred
    return each.kind, columns


def _filled(index: Index) -> dict[str, object]:
    return {name: value for name, value in index.options.items() if value}


def _text(text: str, column: str) -> str:
    """An expression without the column's name, and without what two writers do differently."""
    return "".join(with_renamed(text, column, ITSELF, ITSELF).lower().replace('"', "").replace("`", "").split())


def _referrers(schema: Schema, key: Key, column: str) -> Iterator[Hashable]:
    """Foreign keys of other tables that refer to a column by its name."""
    for other in schema.shown_tables.values():
        for each in other.foreign_keys:
            if each.referred == key and column in each.referred_columns and other.key != key:
                yield "referrer", other.key, each.columns
