"""A schema in memory, and what DDL does to it by the rules of one database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from alembic_manage.dialects import ColumnDrop, Dialect
from alembic_manage.state.expression import columns_in, with_literals, with_renamed
from alembic_manage.state.objects import (
    Check,
    Column,
    Constraint,
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    Key,
    PrimaryKey,
    Sequence,
    Unique,
    columns_of,
    with_column_renamed,
)

T = TypeVar("T")


class SchemaError(Exception):
    """What a database would have refused too: an object is missing, or is there already."""


@dataclass
class Table:
    """A table: what its CREATE TABLE would hold now."""

    key: Key
    columns: dict[str, Column] = field(default_factory=dict)
    """By name, in order."""
    constraints: list[Constraint] = field(default_factory=list)
    """In the order in which they were added."""
    indexes: list[Index] = field(default_factory=list)
    """In the order in which they were added."""
    comment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Dialect keyword arguments of sqlalchemy.Table."""

    @property
    def primary_key(self) -> PrimaryKey | None:
        """The primary key, if it has one."""
        return next((each for each in self.constraints if isinstance(each, PrimaryKey)), None)

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys, in order."""
        return tuple(each for each in self.constraints if isinstance(each, ForeignKey))

    def copy(self) -> Table:
        """A table that can be changed without this one."""
        return replace(self, columns=dict(self.columns), constraints=list(self.constraints), indexes=list(self.indexes))


class Schema:
    """Tables, types and sequences.

    Every method that changes it does so wholly or raises SchemaError, as a database would.

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
        self.tables: dict[Key, Table] = {}
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
        # Tables and dropped indexes to look at when a statement is at its end; None outside of one.
        self._unsure: list[tuple[Key, str]] | None = None
        self.ignored: set[Key] = set()
        """Tables of which only the name is remembered: temporary, virtual and foreign ones, partitions."""

    def copy(self) -> Schema:
        """A schema that can be changed without this one."""
        other = Schema(self.rules, self.default_schema, self.server_version)
        other.tables = {key: table.copy() for key, table in self.tables.items()}
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

    @property
    def shown_tables(self) -> dict[Key, Table]:
        """The tables but for Alembic's own."""
        return {key: table for key, table in self.tables.items() if key not in self.own_tables}

    def dump(self) -> dict[str, Any]:
        """What `load` takes: everything but the rules."""
        return {name: value for name, value in vars(self).items() if name != "rules"}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Become what was dumped."""
        vars(self).update(dumped)

    # Look-up

    def key(self, schema: str | None, name: str) -> Key:
        """The key for a name; the default schema's own name means the same as none."""
        return Key(None if schema in ("", self.default_schema) else schema, str(name))

    def find(self, key: Key) -> Table | None:
        """The table; where the database ignores case, any spelling of it."""
        return _lookup(self.tables, key, lambda found: found.name, self.rules.ignores_case)

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
        if key is not None and (not self.rules.index_names_span_tables):
            tables: Iterable[Table] = filter(None, [self.find(key)])
        else:
            wanted = key.schema if key is not None else self.key(schema, name).schema
            tables = (table for table in self.tables.values() if table.key.schema == wanted)
        # Not `_same`: every index of every table is looked at, for each one that is made.
        ignores_case, lowered = self.rules.ignores_case, name.lower()
        for table in tables:
            for index in table.indexes:
                if index.name == name or (ignores_case and index.name.lower() == lowered):
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
        for table in self.tables.values():
            for foreign_key in table.foreign_keys:
                if table.key != key and foreign_key.referred == key:
                    yield table, foreign_key

    # Tables

    def create_table(self, table: Table, *, if_not_exists: bool = False) -> None:
        """CREATE TABLE; the server's names are given to constraints without one."""
        if self.find(table.key) is not None:
            if if_not_exists:
                return
            raise SchemaError(f'the table "{table.key}" exists already')
        options = self.rules.one_spelling(table.options)
        made = replace(table, constraints=[], indexes=[], columns=dict(table.columns), options=options)
        for column in made.columns.values():
            self._require_types(column)
        self.tables[table.key] = made
        try:
            for constraint in self._merged_keys(table):
                if not isinstance(constraint, ForeignKey):
                    self._add_constraint(made, constraint)
            for index in table.indexes:
                self.create_index(made.key, index)
            # Last: no index is implied where one of those serves.
            for foreign_key in table.foreign_keys:
                self._add_constraint(made, foreign_key)
        except SchemaError:
            del self.tables[table.key]
            raise

    def drop_table(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP TABLE."""
        table = self.find(key)
        if table is None:
            if if_exists or key in self.ignored:
                self.ignored.discard(key)
                return
            raise SchemaError(f'there is no table "{key}"')
        referring = list(self.referring(table.key))
        if referring and self.rules.keeps_referred_tables and not cascade:
            raise SchemaError(f'the table "{key}" cannot be dropped: "{referring[0][0].key}" refers to it')
        if self.rules.keeps_referred_tables:
            for other, foreign_key in referring:
                other.constraints.remove(foreign_key)
        del self.tables[table.key]
        self._drop_owned(table.key)

    def rename_table(self, key: Key, new: Key) -> None:
        """ALTER TABLE ... RENAME TO, or SET SCHEMA; foreign keys of other tables follow."""
        table = self.table(key)
        if new != table.key and self.find(new) is not None:
            raise SchemaError(f'the table "{new}" exists already')
        old = table.key
        # In its place: the order of creation is kept.
        self.tables = {(new if each == old else each): found for each, found in self.tables.items()}
        table.key = new
        for other in self.tables.values():
            other.constraints = [_with_referred(each, old, new) for each in other.constraints]
        self._move_owned(old, new)
        self._rename_generated(table, old)

    def set_table_comment(self, key: Key, comment: str | None) -> None:
        """COMMENT ON TABLE."""
        self.table(key).comment = comment

    def set_table_options(self, key: Key, options: Mapping[str, Any]) -> None:
        """Change some of a table's dialect options; None for what is not said any more."""
        table = self.table(key)
        changed = {**table.options, **self.rules.one_spelling(options)}
        table.options = {name: value for name, value in changed.items() if value is not None}

    # Columns

    def add_column(self, key: Key, column: Column, *, if_not_exists: bool = False, after: str | None = None) -> None:
        """ADD COLUMN.

        Args:
            key: of the table.
            column: the new one.
            if_not_exists: whether one that is there is left as it is.
            after: the column behind which it stands; "" for the first place, None for the last.
        """
        table = self.table(key)
        if self._find_column(table, column.name) is not None:
            if if_not_exists:
                return
            raise SchemaError(f'the table "{key}" has a column "{column.name}" already')
        self._require_types(column)
        table.columns[column.name] = column
        if after is not None:
            self._move(table, column.name, after)

    def drop_column(self, key: Key, name: str, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP COLUMN, with what the database drops together with it."""
        table = self.table(key)
        column = self._find_column(table, name)
        if column is None:
            if if_exists:
                return
            raise SchemaError(f'the table "{key}" has no column "{name}"')
        if self.rules.needs_a_column and len(table.columns) == 1:
            raise SchemaError(f'the column "{name}" is the last one of "{key}"')
        self._drop_what_uses(table, column.name, cascade=cascade)
        del table.columns[column.name]
        self._drop_owned(table.key, column.name)

    def alter_column(self, key: Key, name: str, **changes: Any) -> None:
        """Change attributes of a column; `changes` are fields of Column."""
        table, column = self.table(key), self.column(key, name)
        changed = replace(column, **changes)
        if column.identity is not None and "default" in changes and "identity" not in changes:
            raise SchemaError(f'the column "{name}" of "{key}" is an identity, and has no default')
        is_key = self.rules.primary_key_is_not_null and column.name in self._primary_columns(table)
        if is_key and changed.nullable and not self.rules.refuses_nullable_keys:
            changed = replace(changed, nullable=False)
        if changed.nullable and not column.nullable and (is_key or changed.identity is not None):
            raise SchemaError(f'the column "{name}" of "{key}" is a key or an identity, and must be NOT NULL')
        self._require_types(changed)
        table.columns[column.name] = changed

    def move_column(self, key: Key, name: str, after: str) -> None:
        """Put a column behind another; `after` is "" for the first place."""
        self._move(self.table(key), self.column(key, name).name, after)

    def rename_column(self, key: Key, old: str, new: str) -> None:
        """RENAME COLUMN; constraints and indexes follow, in other tables too."""
        table, column = self.table(key), self.column(key, old)
        if column.name == new:
            return
        taken = self._find_column(table, new)
        if taken is not None and taken is not column:
            raise SchemaError(f'the table "{key}" has a column "{new}" already')
        old, quoted = column.name, self.rules.quoted(new)
        table.columns = {
            (new if name == old else name): _renamed_column(each, old, new, quoted)
            for name, each in table.columns.items()
        }
        table.constraints = [with_column_renamed(each, old, new, quoted) for each in table.constraints]
        table.indexes = [with_column_renamed(each, old, new, quoted) for each in table.indexes]
        for other in self.tables.values():
            other.constraints = [_with_referred_column(each, table.key, old, new) for each in other.constraints]
        for owned, sequence in self.sequences.items():
            if sequence.owner == (table.key, old):
                self.sequences[owned] = replace(sequence, owner=(table.key, new))

    # Constraints

    def add_constraint(self, key: Key, constraint: Constraint) -> None:
        """ADD CONSTRAINT."""
        self._add_constraint(self.table(key), constraint)

    def drop_constraint(
        self, key: Key, name: str | None, kind: str | None = None, *, if_exists: bool = False, cascade: bool = False
    ) -> None:
        """DROP CONSTRAINT.

        Args:
            key: of the table.
            name: of the constraint; None for the primary key where its kind says so.
            kind: "primary", "unique", "check", "foreignkey"; None where nothing is said.
            if_exists: whether a missing one is no error.
            cascade: whether foreign keys that need it go too.
        """
        table = self.table(key)
        found = self.constraint(key, name, kind)
        if found is None and name is not None and self.rules.unique_is_index and kind in (None, "unique"):
            index = next((each for each in table.indexes if self._same(each.name, name)), None)
            if index is not None:
                table.indexes.remove(index)
                return
        if found is None:
            if if_exists:
                return
            raise SchemaError(f'the table "{key}" has no constraint "{name or kind}"')
        needing = self._needing(table, found) if self.rules.keeps_referred_tables or cascade else []
        if needing and not cascade:
            raise SchemaError(f'the constraint "{found.name}" of "{key}" is needed by "{needing[0][1].name}"')
        table.constraints.remove(found)
        for other, foreign_key in needing:
            other.constraints.remove(foreign_key)

    def _needing(self, table: Table, constraint: Constraint) -> list[tuple[Table, ForeignKey]]:
        """The foreign keys that refer to the columns of a key."""
        if not isinstance(constraint, PrimaryKey | Unique):
            return []
        return [
            (other, each)
            for other in self.tables.values()
            for each in other.foreign_keys
            if each.referred == table.key
            and self._key_of(table, each.referred_columns or self._primary_columns(table)) is constraint
        ]

    def _key_of(self, table: Table, columns: tuple[str, ...]) -> Constraint | None:
        """The key that a foreign key to these columns rests on: the first that is not deferrable.

        Source: PostgreSQL 16, transformFkeyCheckAttrs (src/backend/commands/tablecmds.c).
        """
        for each in table.constraints:
            if isinstance(each, PrimaryKey) and set(each.columns) == set(columns):
                return each
            if isinstance(each, Unique) and set(each.columns) == set(columns) and not each.deferrable:
                return each
        return None

    def rename_constraint(self, key: Key, old: str, new: str) -> None:
        """RENAME CONSTRAINT."""
        table = self.table(key)
        found = self.constraint(key, old)
        if found is None:
            raise SchemaError(f'the table "{key}" has no constraint "{old}"')
        table.constraints[table.constraints.index(found)] = replace(found, name=new)

    def require_keys_of_numbers(self, key: Key) -> None:
        """Where numbers need a key, one must begin with their column; checked at the end of a statement.

        Source: MariaDB documentation, "AUTO_INCREMENT", "It must be defined as a key".

        Raises:
            SchemaError: a numbered column has none.
        """
        table = self.table(key)
        for column in table.columns.values() if self.rules.numbers_need_key else ():
            if column.autoincrement and not self._is_served(table, (column.name,)):
                raise SchemaError(f'the numbered column "{column.name}" of "{key}" needs a key')

    # Indexes

    def create_index(self, key: Key, index: Index, *, if_not_exists: bool = False) -> None:
        """CREATE INDEX; one whose name is empty gets the server's."""
        table = self.table(key)
        if not index.name:
            index = replace(index, name=self._index_name(table, index))
        existing = self.index(index.name, table.key)
        gives_way = (
            existing is not None and existing[1].is_implied and _serves(_in_any_order(index), existing[1].columns)
        )
        if existing is not None and not gives_way:
            if if_not_exists:
                return
            raise SchemaError(f'the index "{index.name}" exists already')
        names = {name: self.column(table.key, name).name for name in index.columns}
        columns = tuple(names.get(name, name) for name in _in_any_order(index))
        table.indexes = [each for each in table.indexes if not (each.is_implied and _serves(columns, each.columns))]
        table.indexes.append(index)

    def drop_index(
        self, name: str, key: Key | None = None, *, schema: str | None = None, if_exists: bool = False
    ) -> None:
        """DROP INDEX."""
        found = self.index(name, key, schema)
        if found is None:
            if if_exists:
                return
            raise SchemaError(f'there is no index "{name}"')
        table, index = found
        table.indexes.remove(index)
        try:
            self._require_served(table, name)
        except SchemaError:
            table.indexes.append(index)
            raise

    def _require_served(self, table: Table, dropped: str) -> None:
        """Raise, where a foreign key lost its index; inside `atomic` that is looked at in the end."""
        if not self.rules.indexes_foreign_keys:
            return
        if self._unsure is not None:
            self._unsure.append((table.key, dropped))
            return
        unserved = [each for each in table.foreign_keys if not self._is_served(table, each.columns)]
        if unserved:
            raise SchemaError(f'the index "{dropped}" cannot be dropped: the foreign key "{unserved[0].name}" needs it')

    def rename_index(self, old: str, new: str, key: Key | None = None, *, schema: str | None = None) -> None:
        """ALTER INDEX ... RENAME TO; a constraint that the index stands for is renamed with it."""
        found = self.index(old, key, schema)
        if found is not None:
            table, index = found
            table.indexes[table.indexes.index(index)] = replace(index, name=new)
            return
        wanted = key.schema if key is not None else self.key(schema, old).schema
        for table in self.tables.values():
            for each in table.constraints:
                if table.key.schema == wanted and isinstance(each, PrimaryKey | Unique) and each.name == old:
                    self.rename_constraint(table.key, old, new)
                    return
        raise SchemaError(f'there is no index "{old}"')

    # Types

    def create_enum(self, enum: EnumType, *, if_not_exists: bool = False) -> None:
        """CREATE TYPE ... AS ENUM."""
        if enum.key in self.enums:
            if if_not_exists:
                return
            raise SchemaError(f'the type "{enum.key}" exists already')
        self.enums[enum.key] = enum

    def drop_enum(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP TYPE; with `cascade` the columns of that type go too."""
        if key not in self.enums:
            if if_exists:
                return
            raise SchemaError(f'there is no type "{key}"')
        users = [(table.key, column.name) for table, column in self.columns_of_type(key)]
        if users and not cascade:
            raise SchemaError(
                f'the type "{key}" cannot be dropped: the column "{users[0][1]}" of "{users[0][0]}" uses it'
            )
        for table, column in users:
            self.drop_column(table, column, cascade=True)
        del self.enums[key]

    def set_enum_labels(self, key: Key, labels: Iterable[str]) -> None:
        """ALTER TYPE ... ADD VALUE and RENAME VALUE: the labels that the type has from now on."""
        self._require_enum(key)
        old, new = self.enums[key].labels, tuple(labels)
        users = list(self.columns_of_type(key))
        self._replace_enum(key, EnumType(key, new))
        renamed = {one: other for one, other in zip(old, new, strict=False) if one != other}
        if len(old) == len(new):
            for table, column in users:
                self._rename_label(table, column.name, renamed)

    def _rename_label(self, table: Table, name: str, renamed: Mapping[str, str]) -> None:
        """A default, a check and an index follow the labels: PostgreSQL keeps the label itself, not its text."""
        column = table.columns[name]
        if column.default is not None:
            table.columns[name] = replace(column, default=with_literals(column.default, renamed))
        for place, each in enumerate(table.constraints):
            if isinstance(each, Check) and columns_of(each, table.columns) == {name}:
                table.constraints[place] = replace(each, text=with_literals(each.text, renamed))
        table.indexes = [
            _with_literals(each, renamed) if name in columns_of(each, table.columns) else each for each in table.indexes
        ]

    def rename_enum(self, key: Key, new: Key) -> None:
        """ALTER TYPE ... RENAME TO, or SET SCHEMA."""
        self._require_enum(key)
        if new in self.enums:
            raise SchemaError(f'the type "{new}" exists already')
        self._replace_enum(key, EnumType(new, self.enums[key].labels))

    # Sequences and schemas

    def create_sequence(self, sequence: Sequence, *, if_not_exists: bool = False) -> None:
        """CREATE SEQUENCE."""
        if sequence.key in self.sequences and not if_not_exists:
            raise SchemaError(f'the sequence "{sequence.key}" exists already')
        self.sequences.setdefault(sequence.key, sequence)

    def drop_sequence(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP SEQUENCE; with `cascade` the defaults that take numbers from it too."""
        if self.sequences.pop(key, None) is None and not if_exists and not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')
        for table in self.tables.values() if cascade else ():
            for column in list(table.columns.values()):
                if column.default and "nextval" in column.default and key.name in column.default:
                    table.columns[column.name] = replace(column, default=None)

    def alter_sequence(self, key: Key, options: Mapping[str, Any]) -> None:
        """ALTER SEQUENCE: change some of its options, and its "owner"."""
        if key in self.sequences:
            found = self.sequences[key]
            changed = {**found.options, **options}
            owner = changed.pop("owner", found.owner)
            self.sequences[key] = replace(found, options=changed, owner=owner)
        elif not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')

    def rename_sequence(self, key: Key, new: Key) -> None:
        """ALTER SEQUENCE ... RENAME TO, or SET SCHEMA."""
        if new in self.sequences:
            raise SchemaError(f'the sequence "{new}" exists already')
        if key in self.sequences:
            self.sequences[new] = replace(self.sequences.pop(key), key=new)
        elif not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')

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

    # Inside

    def _same(self, one: str, other: str) -> bool:
        return one == other or (self.rules.ignores_case and one.lower() == other.lower())

    def _find_column(self, table: Table, name: str) -> Column | None:
        return _lookup(table.columns, name, lambda found: found, self.rules.ignores_case)

    def _move(self, table: Table, name: str, after: str) -> None:
        others = [each for each in table.columns if each != name]
        place = 0 if not after else others.index(self.column(table.key, after).name) + 1
        order = [*others[:place], name, *others[place:]]
        table.columns = {each: table.columns[each] for each in order}

    def _require_types(self, column: Column) -> None:
        """A named type must exist before a column has it."""
        key = self.rules.enum_key(column.type)
        if key is not None and self.key(*key) not in self.enums:
            raise SchemaError(f'there is no type "{self.key(*key)}"')

    def _merged_keys(self, table: Table) -> list[Constraint]:
        """The constraints of a new table, of equal keys only the first; it takes the other's name if it has none.

        Source: PostgreSQL 16, transformIndexConstraints (src/backend/parser/parse_utilcmd.c); SQLite 3.40,
        sqlite3CreateIndex (src/build.c), "If there is already an index on exactly those columns".
        """
        if not self.rules.merges_equal_keys:
            return table.constraints
        merged: list[Constraint] = []
        for each in sorted(table.constraints, key=lambda each: not isinstance(each, PrimaryKey)):
            place = next((place for place, prior in enumerate(merged) if self._are_equal_keys(prior, each)), None)
            if place is None:
                merged.append(each)
            elif merged[place].name is None and self.rules.names_constraints:
                merged[place] = replace(merged[place], name=each.name)
        return merged

    def _are_equal_keys(self, one: Constraint, other: Constraint) -> bool:
        if not isinstance(other, Unique) or not isinstance(one, PrimaryKey | Unique) or one.columns != other.columns:
            return False
        if isinstance(one, PrimaryKey):
            # SQLite's primary key has no name that UNIQUE could be told apart from.
            return self.rules.names_constraints and not other.deferrable and one.options == other.options
        return (one.deferrable, one.initially, one.options) == (other.deferrable, other.initially, other.options)

    def _add_constraint(self, table: Table, constraint: Constraint) -> None:
        columns = () if isinstance(constraint, Check) or constraint.kind == "exclude" else constraint.columns  # type: ignore[union-attr]
        for name in columns:
            self.column(table.key, name)
        if isinstance(constraint, PrimaryKey):
            self._add_primary_key(table, constraint)
            return
        if isinstance(constraint, Unique) and self.rules.unique_is_index:
            parts = tuple(IndexPart(name) for name in constraint.columns)
            name = constraint.name or self._generated_name(table, constraint)
            self.create_index(table.key, Index(str(name), parts, unique=True, is_constraint=True))
            return
        self._require_free_relation(table, constraint)
        is_taken = constraint.name is not None and self.constraint(table.key, constraint.name) is not None
        if is_taken and self.rules.names_constraints:
            raise SchemaError(f'the table "{table.key}" has a constraint "{constraint.name}" already')
        if constraint.name is None:
            generated = self._generated_name(table, constraint)
            if isinstance(constraint, ForeignKey):
                constraint = replace(constraint, is_name_generated=generated is not None)
            constraint = replace(constraint, name=generated)
        if (
            isinstance(constraint, ForeignKey)
            and self.rules.keeps_referred_tables
            and self.find(constraint.referred) is None
        ):
            raise SchemaError(f'there is no table "{constraint.referred}" for a foreign key of "{table.key}"')
        table.constraints.append(constraint)
        if isinstance(constraint, ForeignKey):
            self._imply_index(table, constraint)

    def _require_free_relation(self, table: Table, constraint: Constraint) -> None:
        """The index of a key has a name among all tables and indexes of its schema.

        Source: PostgreSQL 16 manual, CREATE TABLE, "Notes"; pg_class.
        """
        if not (self.rules.index_names_span_tables and self.rules.names_constraints):
            return
        if constraint.name is None or not isinstance(constraint, PrimaryKey | Unique):
            return
        for other in self.tables.values():
            names = [
                each.name for each in (*other.constraints, *other.indexes) if not isinstance(each, Check | ForeignKey)
            ]
            if other.key.schema == table.key.schema and constraint.name in (other.key.name, *names):
                raise SchemaError(f'the name "{constraint.name}" of a key of "{table.key}" is taken by "{other.key}"')

    def _add_primary_key(self, table: Table, constraint: PrimaryKey) -> None:
        if table.primary_key is not None:
            raise SchemaError(f'the table "{table.key}" has a primary key already')
        self._require_free_relation(table, constraint)
        if self.rules.one_primary_key_name:
            constraint = replace(constraint, name=None)
        elif constraint.name is None:
            constraint = replace(constraint, name=self._generated_name(table, constraint))
        # First, as CREATE TABLE has it.
        table.constraints.insert(0, constraint)
        if self.rules.primary_key_is_not_null:
            for name in constraint.columns:
                found = self.column(table.key, name)
                table.columns[found.name] = replace(found, nullable=False)

    def _generated_name(self, table: Table, constraint: Constraint) -> str | None:
        if isinstance(constraint, Check) or constraint.kind == "exclude":
            used = columns_of(constraint, table.columns)
            columns = tuple(name for name in table.columns if name in used)
        else:
            columns = constraint.columns  # type: ignore[union-attr]
        return self.rules.generated_name(constraint.kind, table.key.name, columns, self._taken_names(table, columns))

    def _taken_names(self, table: Table, columns: Iterable[str]) -> set[str]:
        """The names that a new constraint or index on `columns` cannot have."""
        lasting = [each for each in table.indexes if not (each.is_implied and _serves(tuple(columns), each.columns))]
        taken = {str(each.name) for each in (*table.constraints, *lasting) if each.name}
        if self.rules.index_names_span_tables:
            same = [other for other in self.tables.values() if other.key.schema == table.key.schema]
            taken |= {other.key.name for other in same}
            taken |= {str(each.name) for other in same for each in (*other.constraints, *other.indexes)}
        return taken

    def _index_name(self, table: Table, index: Index) -> str:
        names = [part.text if part.is_column else _part_name(part.text, table.columns) for part in index.parts]
        return str(self.rules.generated_name("index", table.key.name, names, self._taken_names(table, names)) or "")

    def _rename_generated(self, table: Table, old: Key) -> None:
        """Names that the server derives from the table's change with it."""
        for position, each in enumerate(table.constraints):
            if isinstance(each, ForeignKey) and each.is_name_generated and each.name and self.rules.renames_generated:
                new = table.key.name + each.name.removeprefix(old.name)
                table.constraints[position] = replace(each, name=new)

    def _imply_index(self, table: Table, foreign_key: ForeignKey) -> None:
        """Make the index that the server makes for a foreign key which no other index serves.

        One that was made for another foreign key gives way to it.
        Source: MariaDB 10.11, mysql_prepare_create_table (sql/sql_table.cc), "mark that the generated key should be
        ignored".
        """
        columns = foreign_key.columns
        lasting = [each for each in table.indexes if not (each.is_implied and _serves(columns, each.columns))]
        if not self.rules.indexes_foreign_keys or self._is_served(table, columns, lasting):
            return
        # Without a name of the user's it is called after its first column.
        name = columns[0] if foreign_key.is_name_generated else str(foreign_key.name)
        taken = {index.name for index in lasting}
        number = 2
        while name in taken:
            name, number = f"{columns[0]}_{number}", number + 1
        parts = tuple(IndexPart(column) for column in columns)
        table.indexes = [*lasting, Index(name, parts, is_implied=True)]

    def _is_served(self, table: Table, columns: tuple[str, ...], indexes: Iterable[Index] | None = None) -> bool:
        """Whether an index of the table, or its primary key, begins with these columns."""
        existing = [_in_any_order(index) for index in (table.indexes if indexes is None else indexes)]
        existing += [table.primary_key.columns] if table.primary_key else []
        return any(_serves(each, columns) for each in existing)

    def _drop_what_uses(self, table: Table, name: str, *, cascade: bool) -> None:
        self._drop_computed_from(table, name, cascade=cascade)
        rule = self.rules.column_drop
        if rule is ColumnDrop.REFUSE:
            users = [each for each in (*table.constraints, *table.indexes) if name in columns_of(each, table.columns)]
            if users:
                raise SchemaError(f'the column "{name}" of "{table.key}" is in use, and cannot be dropped')
            return
        if rule is ColumnDrop.SHRINK:
            self._refuse_needed(table, name)
            left = [each for each in (_without(index, name) for index in table.indexes) if each is not None]
            # What is left of another index may serve a foreign key: the one that was made for it gives way.
            own = [each.columns for each in left if not each.is_implied]
            table.indexes = [
                each
                for each in left
                if not (each.is_implied and any(_serves(columns, each.columns) for columns in own))
            ]
            table.constraints = [
                each for each in (_without(each, name) for each in table.constraints) if each is not None
            ]
            return
        needed = [
            (other, each)
            for other in self.tables.values()
            for each in other.foreign_keys
            if each.referred == table.key
            and name in (each.referred_columns or self._primary_columns(table))
            and not (other is table and name in each.columns)
        ]
        if needed and not cascade:
            raise SchemaError(
                f'the column "{name}" of "{table.key}" cannot be dropped: "{needed[0][0].key}" refers to it'
            )
        for other, each in needed:
            other.constraints.remove(each)
        table.constraints = [each for each in table.constraints if name not in columns_of(each, table.columns)]
        table.indexes = [each for each in table.indexes if name not in columns_of(each, table.columns)]

    def _drop_computed_from(self, table: Table, name: str, *, cascade: bool) -> None:
        """Columns whose expression holds a column keep it, unless CASCADE drops them too.

        Source: PostgreSQL 16 manual, ALTER TABLE, "DROP COLUMN"; SQLite documentation, "ALTER TABLE", section 5;
        MariaDB documentation, "Generated Columns".
        """
        for each in list(table.columns.values()):
            if each.name == name or each.computed is None or name not in columns_in(each.computed.text, table.columns):
                continue
            if not cascade:
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{each.name}" needs it')
            self.drop_column(table.key, each.name, cascade=True)

    def _refuse_needed(self, table: Table, name: str) -> None:
        """A column of a foreign key stays, one that a CHECK compares with another, and one of a key of several columns.

        Source: MariaDB documentation, "ALTER TABLE", "DROP COLUMN".
        """
        keys = [each.columns for each in table.indexes if each.unique] + [self._primary_columns(table)]
        if any(name in columns and len(columns) > 1 for columns in keys):
            raise SchemaError(
                f'the column "{name}" of "{table.key}" cannot be dropped: a key of several columns has it'
            )
        for each in table.constraints:
            used = columns_of(each, table.columns)
            if name in used and (isinstance(each, ForeignKey) or (isinstance(each, Check) and len(used) > 1)):
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{each.name}" needs it')
        own = [(table, each) for each in table.foreign_keys if each.referred == table.key]
        for other, foreign_key in [*self.referring(table.key), *own]:
            if name in (foreign_key.referred_columns or self._primary_columns(table)):
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{other.key}" refers to it')

    def _primary_columns(self, table: Table) -> tuple[str, ...]:
        return table.primary_key.columns if table.primary_key else ()

    def columns_of_type(self, key: Key) -> Iterator[tuple[Table, Column]]:
        """The columns whose type, or whose array's, is a named type."""
        for table in self.tables.values():
            for column in table.columns.values():
                used = self.rules.enum_key(column.type)
                if used is not None and self.key(*used) == key:
                    yield table, column

    def _require_enum(self, key: Key) -> None:
        if key not in self.enums:
            raise SchemaError(f'there is no type "{key}"')

    def _replace_enum(self, key: Key, new: EnumType) -> None:
        users = list(self.columns_of_type(key))
        self.enums = {
            (new.key if each == key else each): (new if each == key else old) for each, old in self.enums.items()
        }
        for table, column in users:
            changed = self.rules.enum_type(column.type, new.key.schema, new.key.name, new.labels)
            table.columns[column.name] = replace(column, type=changed)

    def _move_owned(self, old: Key, new: Key) -> None:
        """Sequences follow the table that owns them, into its schema too."""
        for key, each in list(self.sequences.items()):
            if each.owner is not None and each.owner[0] == old:
                del self.sequences[key]
                moved = Key(new.schema, key.name)
                self.sequences[moved] = replace(each, key=moved, owner=(new, each.owner[1]))

    def _drop_owned(self, key: Key, column: str | None = None) -> None:
        """Sequences go with the table or column that owns them."""
        for name, each in list(self.sequences.items()):
            if each.owner is not None and each.owner[0] == key and column in (None, each.owner[1]):
                del self.sequences[name]

    def _is_owned(self, key: Key) -> bool:
        """Whether a sequence may be that of a SERIAL column, which the state does not list."""
        columns = [column for table in self.tables.values() for column in table.columns.values()]
        return key.name.endswith("_seq") and any(column.autoincrement for column in columns)


def _lookup(found: Mapping[Any, T], key: Any, name: Callable[[Any], str], ignores_case: bool) -> T | None:
    if key in found:
        return found[key]
    if not ignores_case:
        return None
    wanted = name(key).lower()
    matches = [value for each, value in found.items() if name(each).lower() == wanted]
    return matches[0] if len(matches) == 1 else None


def _part_name(expression: str, columns: Iterable[str]) -> str:
    """What stands for an expression in the name of an index: its column, its function, or "expr".

    Source: PostgreSQL 16, FigureIndexColname (src/backend/parser/parse_target.c).
    """
    first = re.match(r'"?(\w+)"?\s*(\()?', expression)
    if first is None or not (first[2] or first[1] in columns):
        return "expr"
    return first[1].lower() if first[2] else first[1]


def _serves(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index begins with these columns."""
    return index[: len(columns)] == columns


def _in_any_order(index: Index) -> tuple[str, ...]:
    """The parts of an index, those that are columns by their names, descending ones too: such an index serves a foreign
    key as well. Source: MariaDB 10.11, measured.
    """
    found = [(part, None if part.is_column else _DESCENDING.fullmatch(part.text)) for part in index.parts]
    return tuple(match[1] or match[2] if match else part.text for part, match in found)


_DESCENDING = re.compile(r"\s*(?:`((?:[^`]|``)+)`|(\w+))\s+DESC\s*", re.IGNORECASE)


def _without(each: Any, name: str) -> Any:
    """A constraint or index after one of its columns is gone; None where nothing is left of it."""
    if isinstance(each, Index):
        parts = tuple(part for part in each.parts if part.text != name)
        return replace(each, parts=parts) if parts else None
    if isinstance(each, PrimaryKey | Unique):
        columns = tuple(column for column in each.columns if column != name)
        return replace(each, columns=columns) if columns else None
    if isinstance(each, Check) and columns_of(each, [name]):
        return None
    return each


def _with_literals(index: Index, changed: Mapping[str, str]) -> Index:
    parts = tuple(
        part if part.is_column else replace(part, text=with_literals(part.text, changed)) for part in index.parts
    )
    options = {
        name: with_literals(value, changed) if isinstance(value, str) else value
        for name, value in index.options.items()
    }
    return replace(index, parts=parts, options=options)


def _with_referred(constraint: Constraint, old: Key, new: Key) -> Constraint:
    if isinstance(constraint, ForeignKey) and constraint.referred == old:
        return replace(constraint, referred=new)
    return constraint


def _with_referred_column(constraint: Constraint, key: Key, old: str, new: str) -> Constraint:
    if not isinstance(constraint, ForeignKey) or constraint.referred != key:
        return constraint
    columns = tuple(new if name == old else name for name in constraint.referred_columns)
    return replace(constraint, referred_columns=columns)


def _renamed_column(column: Column, old: str, new: str, quoted: str) -> Column:
    if column.name == old:
        column = replace(column, name=new)
    if column.computed is not None:
        text = with_renamed(column.computed.text, old, new, quoted)
        column = replace(column, computed=replace(column.computed, text=text))
    if column.checks:
        column = replace(column, checks=tuple(with_renamed(text, old, new, quoted) for text in column.checks))
    return column
