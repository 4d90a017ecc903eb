"""Finds the keys of parents that records name by natural keys."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from alembic_manage.data.batch import matches, parts
from alembic_manage.data.row import Named, lookup_key

_REMEMBERED = 10_000
_ROWS = 500
Found = tuple[str, tuple[Any, ...]]


class Parents:
    """Looks natural keys up, and remembers the last ones.

    Args:
        connection: in the transaction of the load.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: OrderedDict[Found, Any] = OrderedDict()

    def keys(self, named: Iterable[Named]) -> Mapping[Found, Any]:
        """The keys of those parents that exist."""
        wanted = {lookup_key(each): each for each in named}
        found = {key: self._known[key] for key in wanted if key in self._known}
        groups: dict[str, list[Named]] = {}
        for key, each in wanted.items():
            if key not in found:
                groups.setdefault(key[0], []).append(each)
        for group in groups.values():
            found |= self._looked_up(group)
        self._remember(found)
        return found

    def _looked_up(self, group: list[Named]) -> dict[Found, Any]:
        reference = group[0].reference
        columns = [field.selected(field.column) for field in reference.natural]
        found: dict[Found, Any] = {}
        for part in parts([each.values for each in group], _ROWS):
            query = sa.select(reference.target, *columns).where(matches(columns, part))
            for key, *values in self._connection.execute(query):
                found[lookup_key(Named(reference, tuple(values)))] = key
        return found

    def _remember(self, found: Mapping[Found, Any]) -> None:
        self._known |= found
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
