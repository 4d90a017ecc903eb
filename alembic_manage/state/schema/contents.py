"""What a schema holds, and how it is looked up."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from alembic_manage.dialects import Dialect
from alembic_manage.state.objects import Column, Constraint, EnumType, ForeignKey, Index, Key, PrimaryKey, Sequence
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.spelling import is_same_name
from alembic_manage.state.schema.table import Table
from alembic_manage.state.schema.tables import Tables


class Contents:
    """Tables, types and sequences, before any statement.

    Args:
        rules: what the database does that no statement says.
        default_schema: the schema of tables whose schema is not said, where the rules do not know it.
        server_version: the version of the server; None for the one that the rules assume.
    """

    def __init__(
        self, rules: Dialect, default_schema: str | None = None, server_version: tuple[int, ...] | None = None
    ) -> None:
        self.rules = rules
        self.default_schema = default_schema or rules.default_schema
        self.server_version = server_version or rules.server_version
        self._tables = self._made_tables()
        self.enums: dict[Key, EnumType] = {}
        self.sequences: dict[Key, Sequence] = {}
        self.schemas: set[str] = set()
        """Schemas apart from the default one."""
        self.extensions: dict[str, None] = {}
        """The statements that made extensions, in order: types, operators and functions of columns come from them."""
        self.own_tables: set[Key] = set()
        """Alembic's version table: revisions see it, nobody else."""
        self.named_types: set[Key] = set()
        """Types that are no enums: domains, composite types, ranges."""
        self.ignored: set[Key] = set()
        """Tables of which only the name is remembered: temporary, virtual and foreign ones, partitions."""

    def _made_tables(self, tables: Iterable[Table] = ()) -> Tables:
        return Tables(partial(_named_type, self.rules, self.default_schema), tables)

    @property
    def tables(self) -> Mapping[Key, Table]:
        """The tables, in the order of creation; only the methods change them."""
        return self._tables.by_key

    @property
    def shown_tables(self) -> dict[Key, Table]:
        """The tables but for Alembic's own."""
        return {key: table for key, table in self.tables.items() if key not in self.own_tables}

    def keep_tables(self, keys: Container[Key]) -> None:
        """Forget all tables but these, whoever refers to them."""
        self._tables.keep(keys)

    def ignore_table(self, key: Key) -> None:
        """Remember only the name of a table, whoever refers to it."""
        self._tables.remove(key)
        self.ignored.add(key)

    def put_table(self, table: Table) -> None:
        """Add a table, or change the one of its key; nothing is asked, and nothing follows from it."""
        self._tables.put(table)

    def key(self, schema: str | None, name: str) -> Key:
        """The key for a name; the default schema's own name means the same as none."""
        return _key(self.default_schema, schema, name)

    def find(self, key: Key) -> Table | None:
        """The table; where the database ignores case, any spelling of it that is not ambiguous."""
        found = self.tables.get(key)
        if found is not None or not self.rules.ignores_case:
            return found
        lowered = key.name.lower()
        matches = [each for each in self._tables.named(key.schema, key.name) if each.key.name.lower() == lowered]
        return matches[0] if len(matches) == 1 else None

    def table(self, key: Key) -> Table:
        """The table.

        Raises:
            SchemaError: there is none.
        """
        found = self.find(key)
        if found is None:
            raise SchemaError(f'there is no table "{key}"')
        return found

    def column(self, key: Key, name: str) -> Column:
        """A column of a table.

        Raises:
            SchemaError: there is none.
        """
        found = self._find_column(self.table(key), name)
        if found is None:
            raise SchemaError(f'the table "{key}" has no column "{name}"')
        return found

    def has_column(self, key: Key, name: str) -> bool:
        """Whether a table, which must be there, has a column."""
        return self._find_column(self.table(key), name) is not None

    def index(self, name: str, key: Key | None, schema: str | None = None) -> tuple[Table, Index] | None:
        """An index and its table, by name.

        Args:
            name: of the index.
            key: of its table; needed where names of indexes are unique in a table only.
            schema: of the index, where the table is not said.
        """
        tables: Iterable[Table]
        if key is not None and not self.rules.index_names_span_tables:
            tables = filter(None, [self.find(key)])
        else:
            tables = self._tables.named(key.schema if key is not None else self.key(schema, name).schema, name)
        for table in tables:
            for index in table.indexes:
                if self._same(index.name, name):
                    return table, index
        return None

    def constraint(self, key: Key, name: str | None, kind: str | None = None) -> Constraint | None:
        """A constraint of a table, by name; the primary key also by its kind alone."""
        for each in self.table(key).constraints:
            if kind == "primary" and isinstance(each, PrimaryKey) and (name is None or self.rules.one_primary_key_name):
                return each
            if name is not None and each.name is not None and self._same(each.name, name):
                return each
        return None

    def referring(self, key: Key) -> Iterator[tuple[Table, ForeignKey]]:
        """The foreign keys of other tables that refer to `key`."""
        return ((table, each) for table, each in self.references(key) if table.key != key)

    def references(self, key: Key) -> Iterator[tuple[Table, ForeignKey]]:
        """The foreign keys that refer to `key`, its own among them."""
        for table in self._tables.referring(key):
            for each in table.foreign_keys:
                if each.referred == key:
                    yield table, each

    def columns_of_type(self, key: Key) -> Iterator[tuple[Table, Column]]:
        """The columns whose type, or whose array's, is a named type."""
        for table in self._tables.using_type(key):
            for column in table.columns.values():
                if _named_type(self.rules, self.default_schema, column) == key:
                    yield table, column

    def is_name_taken(self, schema: str | None, name: str) -> bool:
        """Whether a table of a schema has the name, or a constraint or index of one."""
        return any(
            table.key.name == name or any(each.name == name for each in (*table.constraints, *table.indexes))
            for table in self._tables.named(schema, name)
        )

    def _same(self, one: str, other: str) -> bool:
        return is_same_name(one, other, ignores_case=self.rules.ignores_case)

    def _find_column(self, table: Table, name: str) -> Column | None:
        return table.find_column(name, ignores_case=self.rules.ignores_case)

    def _require_types(self, column: Column) -> None:
        """A named type must exist before a column has it."""
        key = _named_type(self.rules, self.default_schema, column)
        if key is not None and key not in self.enums:
            raise SchemaError(f'there is no type "{key}"')

    def _drop_references(self, found: Iterable[tuple[Table, ForeignKey]]) -> None:
        """Drop foreign keys, of one table several perhaps."""
        for table, each in list(found):
            self.put_table(self.tables[table.key].without_constraint(each))


def _key(default_schema: str | None, schema: str | None, name: str) -> Key:
    return Key(None if schema in ("", default_schema) else schema, str(name))


def _named_type(rules: Dialect, default_schema: str | None, column: Column) -> Key | None:
    """The key of the type of a column, or of its array's, where that is a type of its own."""
    found: Any = rules.enum_key(column.type)
    return _key(default_schema, *found) if found is not None else None
