"""What SQLAlchemy's inspector is told: the state, in the words in which the real dialect would answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import default
from sqlalchemy.exc import NoSuchTableError

from alembic_manage.state.catalog import StateCatalog
from alembic_manage.state.objects import Check, ForeignKey, Index, IndexPart, Key, PrimaryKey, Unique
from alembic_manage.state.schema import Schema, Table
from alembic_manage.state.types import as_reflected


class StateReflection:
    """The part of a dialect that an inspector asks; stands before the real dialect's class."""

    state: Schema
    """What the answers are taken from."""
    default_schema_name: str | None
    shows_all = False
    """Whether it also tells what SQLAlchemy cannot read from a real database of this kind."""

    @property
    def catalog(self) -> StateCatalog:
        """What an inspector does not tell."""
        return StateCatalog(self.state)

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> bool:
        """Whether there is such a table."""
        return self.state.find(self.state.key(schema, table_name)) is not None

    def has_multi_table(
        self, connection: Any, table_names: Any, schema: str | None = None, **_: Any
    ) -> list[tuple[tuple[str | None, str], bool]]:
        """Whether there is each of these tables; SQLAlchemy 2.1 asks this way."""
        return [((schema, name), self.has_table(connection, name, schema)) for name in table_names]

    def has_index(self, connection: Any, table_name: str, index_name: str, schema: str | None = None, **_: Any) -> bool:
        """Whether the table has such an index."""
        table = self.state.find(self.state.key(schema, table_name))
        return table is not None and any(row["name"] == index_name for row in self._indexes(table))

    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **_: Any) -> bool:
        """Whether there is such a sequence."""
        return self.state.key(schema, sequence_name) in self.state.sequences

    def has_type(self, connection: Any, type_name: str, schema: str | None = None, **_: Any) -> bool:
        """Whether there is such a named type."""
        return self.state.key(schema, type_name) in self.state.enums

    def has_schema(self, connection: Any, schema_name: str, **_: Any) -> bool:
        """Whether there is such a schema."""
        return schema_name in self.get_schema_names(connection)

    def get_schema_names(self, connection: Any, **_: Any) -> list[str]:
        """The schemas, the default one among them."""
        used = {key.schema for key in self.state.tables if key.schema}
        own = {self.default_schema_name} if self.default_schema_name else set()
        return sorted(self.state.schemas | used | own)

    def get_table_names(self, connection: Any, schema: str | None = None, **_: Any) -> list[str]:
        """The names of the tables of one schema."""
        wanted = self.state.key(schema, "").schema
        return sorted(key.name for key in self.state.tables if key.schema == wanted)

    def get_sequence_names(self, connection: Any, schema: str | None = None, **_: Any) -> list[str]:
        """The names of the sequences of one schema."""
        wanted = self.state.key(schema, "").schema
        return sorted(key.name for key in self.state.sequences if key.schema == wanted)

    def get_view_names(self, connection: Any, schema: str | None = None, **_: Any) -> list[str]:
        """None: views are not part of the state."""
        return []

    get_materialized_view_names = get_temp_table_names = get_temp_view_names = get_view_names

    def get_enums(self, connection: Any, schema: str | None = None, **_: Any) -> list[dict[str, Any]]:
        """The named enum types."""
        wanted = None if schema in (None, "*") else self.state.key(schema, "").schema
        return [
            {
                "name": key.name,
                "schema": key.schema or self.default_schema_name,
                "visible": key.schema is None,
                "labels": list(enum.labels),
            }
            for key, enum in sorted(self.state.enums.items(), key=lambda item: str(item[0]))
            if schema == "*" or key.schema == wanted
        ]

    # What PostgreSQL's inspector asks for instead; in SQLAlchemy 2.0.31 and 2.1.
    _load_enums = get_enums

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """The columns of a table."""
        table = self._table(table_name, schema)
        return [self._column(table, name) for name in table.columns]

    def _column(self, table: Table, name: str) -> dict[str, Any]:
        column = table.columns[name]
        primary = table.primary_key.columns if table.primary_key else ()
        found: dict[str, Any] = {
            "name": name,
            "type": as_reflected(column.type, self.state, self),
            "nullable": column.nullable,
            "default": self.state.rules.reflected_default(column.default),
            "comment": column.comment,
            "primary_key": primary.index(name) + 1 if name in primary else 0,
        }
        if column.autoincrement:
            found["autoincrement"] = True
        if column.computed is not None:
            persisted = self.state.rules.stores_computed or bool(column.computed.persisted)
            found["computed"] = {"sqltext": column.computed.text, "persisted": persisted}
        if column.identity is not None:
            found["identity"] = dict(column.identity)
        return found

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """The primary key of a table."""
        key = self._table(table_name, schema).primary_key or PrimaryKey(None, ())
        return {"constrained_columns": list(key.columns), "name": key.name, "comment": None, "dialect_options": {}}

    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """The foreign keys of a table."""
        return [self._foreign_key(each) for each in self._table(table_name, schema).foreign_keys]

    def _foreign_key(self, each: ForeignKey) -> dict[str, Any]:
        return {
            "name": each.name,
            "constrained_columns": list(each.columns),
            "referred_schema": each.referred.schema,
            "referred_table": each.referred.name,
            "referred_columns": list(each.referred_columns or self._primary_columns(each.referred)),
            "options": {name: value for name in _FOREIGN_KEY if (value := getattr(each, name)) is not None},
            "comment": None,
        }

    def _primary_columns(self, key: Key) -> tuple[str, ...]:
        table = self.state.find(key)
        return table.primary_key.columns if table is not None and table.primary_key else ()

    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """The indexes of a table."""
        return self._indexes(self._table(table_name, schema))

    def _indexes(self, table: Table) -> list[dict[str, Any]]:
        if self.shows_all or self.state.rules.reflects_expressions:
            return [_index(each) for each in table.indexes]
        plain = [replace(each, parts=tuple(_unsorted(part, table) for part in each.parts)) for each in table.indexes]
        return [_index(each) for each in plain if len(each.columns) == len(each.parts)]

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """The unique constraints of a table; where they are indexes, the unique indexes."""
        table = self._table(table_name, schema)
        if self.state.rules.unique_is_index:
            return [
                {"name": each.name, "column_names": list(each.columns), "duplicates_index": each.name}
                for each in table.indexes
                if each.unique
            ]
        return [
            {
                "name": each.name,
                "column_names": list(each.columns),
                "comment": None,
                "dialect_options": dict(each.options),
            }
            for each in table.constraints
            if isinstance(each, Unique)
        ]

    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """The checks of a table."""
        checks = [each for each in self._table(table_name, schema).constraints if isinstance(each, Check)]
        return [{"name": each.name, "sqltext": each.text} for each in checks]

    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """The comment of a table."""
        return {"text": self._table(table_name, schema).comment}

    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """The dialect options of a table."""
        hidden = () if self.shows_all else self.state.rules.hidden_options
        options = self._table(table_name, schema).options.items()
        return {name: value for name, value in options if name not in hidden}

    def _table(self, name: str, schema: str | None) -> Table:
        table = self.state.find(self.state.key(schema, name))
        if table is None:
            raise NoSuchTableError(f"{schema}.{name}" if schema else name)
        return table

    # The dialects answer for many tables with one query; here one table after the other is as good.
    get_multi_columns = default.DefaultDialect.get_multi_columns
    get_multi_pk_constraint = default.DefaultDialect.get_multi_pk_constraint
    get_multi_foreign_keys = default.DefaultDialect.get_multi_foreign_keys
    get_multi_indexes = default.DefaultDialect.get_multi_indexes
    get_multi_unique_constraints = default.DefaultDialect.get_multi_unique_constraints
    get_multi_check_constraints = default.DefaultDialect.get_multi_check_constraints
    get_multi_table_comment = default.DefaultDialect.get_multi_table_comment
    get_multi_table_options = default.DefaultDialect.get_multi_table_options


_FOREIGN_KEY = ("onupdate", "ondelete", "deferrable", "initially", "match")


def _unsorted(part: IndexPart, table: Table) -> IndexPart:
    """The column of a part that is one but for its direction and collation, which SQLite's PRAGMA does not tell."""
    found = _SORTED.fullmatch(part.text)
    name = found and (found[1] or found[2]).replace('""', '"')
    return IndexPart(name) if name and not part.is_column and name in table.columns else part


_SORTED = re.compile(r'\s*(?:"((?:[^"]|"")+)"|(\w+))(?:\s+COLLATE\s+\S+)?(?:\s+(?:ASC|DESC))?\s*', re.IGNORECASE)


def _index(index: Index) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": index.name,
        "unique": index.unique,
        "column_names": [part.text if part.is_column else None for part in index.parts],
        "dialect_options": _dialect_options(index.options),
    }
    if len(index.columns) < len(index.parts):
        found["expressions"] = [part.text for part in index.parts]
    return found


def _dialect_options(options: Mapping[str, Any]) -> dict[str, Any]:
    from sqlalchemy import text

    return {name: text(value) if name.endswith("_where") else value for name, value in options.items()}
