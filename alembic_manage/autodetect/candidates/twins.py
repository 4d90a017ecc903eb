"""Tables that are the only ones with columns of their types, one before and one after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

from alembic_manage.autodetect.candidates.definition import type_text
from alembic_manage.state.schema import Table

Shape: TypeAlias = tuple[str, ...]

_CHANCE, _CERTAIN = 2, 5
"""Tables of so few columns have equal types by chance; of so many they hardly do."""


class Twins:
    """Which tables are twins: of one shape, that no other table has which is gone, and none that has come.

    The order does not count: what was added in a migration stands last there, and often not in a model. Nor do the
    names: a table is renamed together with its columns too.

    Args:
        old: the tables that are gone.
        new: those that have come.
        dialect: SQLAlchemy's, which writes the types.
    """

    def __init__(self, old: Iterable[Table], new: Iterable[Table], dialect: Any) -> None:
        self._before = {table.key: _shape(table, dialect) for table in old}
        self._after = {table.key: _shape(table, dialect) for table in new}
        gone, come = Counter(self._before.values()), Counter(self._after.values())
        self._unique = frozenset(shape for shape, number in gone.items() if number == come[shape] == 1)

    def likeness(self, old: Table, new: Table) -> float:
        """How much it says that the two are twins, from 0 (they are none, or too small) to 1."""
        shape = self._before[old.key]
        if shape not in self._unique or shape != self._after[new.key]:
            return 0.0
        return min(1.0, max(0.0, (len(shape) - _CHANCE) / (_CERTAIN - _CHANCE)))


def _shape(table: Table, dialect: Any) -> Shape:
    """The types of the columns, whatever their order."""
    return tuple(sorted(type_text(column.type, dialect) for column in table.columns.values()))
