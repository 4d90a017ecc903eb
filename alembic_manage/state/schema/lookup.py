"""Which tables have ever used a name, so that nobody must walk through all of them for one question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from alembic_manage.state.objects import Column, ForeignKey, Key
from alembic_manage.state.schema.table import Table


class Lookup:
    """The keys of the tables that have, or have had, something of a name.

    Nothing is ever taken out, so that a schema and all of its copies can share one: a table that no longer uses a name
    costs who asks a look at it; one that uses it and is not known here would be wrong.

    Args:
        named_type: the key of the named type that a column has; None where it has none.
    """

    def __init__(self, named_type: Callable[[Column], Key | None]) -> None:
        self.named_type = named_type
        self._keys: dict[Any, dict[Key, None]] = {}

    def add(self, table: Table, before: Table | None = None) -> None:
        """Remember what a table uses.

        Args:
            table: as it is now.
            before: as it was, which is remembered already.
        """
        for use in self._new_uses(table, before):
            self._keys.setdefault(use, {})[table.key] = None

    def named(self, schema: str | None, name: str) -> Iterable[Key]:
        """The tables with that name, and those with a constraint or index of it, in any case; first the oldest."""
        return tuple(self._keys.get((schema, str.lower(name)), ()))

    def referring(self, key: Key) -> Iterable[Key]:
        """The tables with a foreign key to another, or to themselves; first the oldest."""
        return tuple(self._keys.get(("refers", key), ()))

    def using_type(self, key: Key) -> Iterable[Key]:
        """The tables with a column of a named type; first the oldest."""
        return tuple(self._keys.get(("type", key), ()))

    def _new_uses(self, table: Table, before: Table | None) -> Iterator[Any]:
        """What a table uses, but for what has stayed as it was."""
        schema = table.key.schema
        if before is None:
            yield schema, str.lower(table.key.name)
        if before is None or table.constraints is not before.constraints:
            for constraint in table.constraints:
                if constraint.name is not None:
                    yield schema, str.lower(constraint.name)
                if isinstance(constraint, ForeignKey):
                    yield "refers", constraint.referred
        if before is None or table.indexes is not before.indexes:
            for index in table.indexes:
                yield schema, str.lower(index.name)
        old = before.columns if before is not None else {}
        for name, column in table.columns.items():
            if old.get(name) is not column and (named := self.named_type(column)) is not None:
                yield "type", named
