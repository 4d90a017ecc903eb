"""The tables of a schema: the one place that adds, changes and removes them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from alembic_manage.state.objects import Column, Key
from alembic_manage.state.schema.lookup import Lookup
from alembic_manage.state.schema.table import Table


class Tables:
    """Tables by their keys, in the order of creation, and by what they use.

    Args:
        named_type: the key of the named type that a column has; None where it has none.
        tables: what to begin with.
    """

    def __init__(self, named_type: Callable[[Column], Key | None], tables: Iterable[Table] = ()) -> None:
        self.by_key: dict[Key, Table] = {}
        self._lookup = Lookup(named_type)
        for table in tables:
            self.put(table)

    def copy(self) -> Tables:
        """Tables that can be changed without these."""
        other = Tables.__new__(Tables)
        other.by_key, other._lookup = dict(self.by_key), self._lookup
        return other

    def put(self, table: Table) -> None:
        """Add a table, as the last, or change the one of its key."""
        self._lookup.add(table, self.by_key.get(table.key))
        self.by_key[table.key] = table

    def remove(self, key: Key) -> None:
        """Remove a table; nothing where there is none."""
        self.by_key.pop(key, None)

    def rename(self, old: Key, table: Table) -> None:
        """Put a table in the place of one of another key: the order of creation is kept."""
        self._lookup.add(table)
        self.by_key = {
            (table.key if key == old else key): (table if key == old else each) for key, each in self.by_key.items()
        }

    def keep(self, keys: Container[Key]) -> None:
        """Remove all tables but these."""
        self.by_key = {key: table for key, table in self.by_key.items() if key in keys}

    def named(self, schema: str | None, name: str) -> Iterator[Table]:
        """The tables that may have a name themselves, or a constraint or index of it, in any case."""
        return self._there(self._lookup.named(schema, name))

    def referring(self, key: Key) -> Iterator[Table]:
        """The tables that may have a foreign key to another, or to themselves."""
        return self._there(self._lookup.referring(key))

    def using_type(self, key: Key) -> Iterator[Table]:
        """The tables that may have a column of a named type."""
        return self._there(self._lookup.using_type(key))

    def _there(self, keys: Iterable[Key]) -> Iterator[Table]:
        """Each as it is when its turn comes: what is done with one may change the next."""
        for key in keys:
            table = self.by_key.get(key)
            if table is not None:
                yield table
