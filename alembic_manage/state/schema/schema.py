"""A schema in memory, and what DDL does to it by the rules of one database."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic_manage.state.objects import Key
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.type_statements import TypeStatements

_NOT_DUMPED = ("rules", "_tables", "_unsure")


class Schema(TypeStatements):
    """Tables, types and sequences.

    Every method that changes it does so wholly or raises SchemaError, as a database would.

    Args:
        rules: what the database does that no statement says.
        default_schema: the schema of tables whose schema is not said, where the rules do not know it.
        server_version: the version of the server; None for the one that the rules assume.
    """

    def copy(self) -> Schema:
        """A schema that can be changed without this one."""
        other = Schema(self.rules, self.default_schema, self.server_version)
        other._tables = self._tables.copy()
        other.enums, other.sequences, other.schemas = dict(self.enums), dict(self.sequences), set(self.schemas)
        other.named_types, other.ignored = set(self.named_types), set(self.ignored)
        other.own_tables, other.extensions = set(self.own_tables), dict(self.extensions)
        return other

    def replace_with(self, other: Schema) -> None:
        """Become a copy of `other`."""
        self.__dict__.update(other.copy().__dict__)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """What is done inside is done wholly, or taken back by the error that ends it."""
        before, outer = self.copy(), self._unsure
        self._unsure = []
        try:
            yield
            unsure, self._unsure = self._unsure, outer
            for key, dropped in unsure or ():
                found = self.find(key)
                if found is not None:
                    self._require_served(found, dropped)
        except BaseException:
            self.replace_with(before)
            self._unsure = outer
            raise

    @contextmanager
    def showing(self, keys: Container[Key]) -> Iterator[None]:
        """While entered, only these of the tables are there; nothing may change meanwhile."""
        all_tables, self._tables = self._tables, self._tables.copy()
        self.keep_tables(keys)
        try:
            yield
        finally:
            self._tables = all_tables

    def has_same_rest(self, other: Schema) -> bool:
        """Whether all but the tables is as in another schema of the same rules."""
        return {**self.dump(), "tables": None} == {**other.dump(), "tables": None}

    def dump(self) -> dict[str, Any]:
        """What `load` takes: everything but the rules."""
        kept = {name: value for name, value in vars(self).items() if name not in _NOT_DUMPED}
        return {**kept, "tables": tuple(self.tables.values())}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Become what was dumped."""
        vars(self).update({name: value for name, value in dumped.items() if name != "tables"})
        self._tables = self._made_tables(dumped["tables"])

    def create_schema(self, name: str, *, if_not_exists: bool = False) -> None:
        """CREATE SCHEMA."""
        if name in self.schemas and not if_not_exists:
            raise SchemaError(f'the schema "{name}" exists already')
        if name != self.default_schema:
            self.schemas.add(name)

    def drop_schema(self, name: str, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP SCHEMA; with `cascade` all that is in it."""
        held = [key for key in (*self.tables, *self.enums, *self.sequences) if key.schema == name]
        if held and not cascade:
            raise SchemaError(f'the schema "{name}" cannot be dropped: "{held[0]}" is in it')
        if name not in self.schemas and not if_exists and not held:
            raise SchemaError(f'there is no schema "{name}"')
        for key in [key for key in self.tables if key.schema == name]:
            self.drop_table(key, cascade=True)
        for key in [key for key in self.enums if key.schema == name]:
            self.drop_enum(key, cascade=True)
        self.sequences = {key: each for key, each in self.sequences.items() if key.schema != name}
        self.schemas.discard(name)
