"""What is in a schema, object by object, as text that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy.engine import Dialect

from alembic_manage.state.metadata import type_text
from alembic_manage.state.objects import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    Unique,
    columns_of,
)
from alembic_manage.state.schema import Schema, Table

COLUMN_ORDER = "order of columns"


@dataclass(frozen=True, order=True)
class Item:
    """One object of a schema."""

    kind: str
    """"table", "column", "index", "constraint", "type", "sequence", "schema", "extension"; COLUMN_ORDER."""
    name: str
    table: str = ""
    """The table that it belongs to; of a table its own name; "" where it belongs to none."""

    def __str__(self) -> str:
        if self.kind == "column":
            return f"column {self.table}.{self.name}"
        if self.kind == COLUMN_ORDER:
            return f"order of the columns of {self.table}"
        return f"{self.kind} {self.name}" + (f" of {self.table}" if self.table not in ("", self.name) else "")


@dataclass(frozen=True)
class Definition:
    """What an object is."""

    text: str
    uses: frozenset[Item] = frozenset()
    """The columns that an index or a constraint needs; of a foreign key also the table and columns it refers to."""
    refers_to: str = ""
    """The table that a foreign key refers to."""
    refers_to_columns: frozenset[str] = frozenset()
    """The columns that a foreign key refers to."""
    key: frozenset[str] = frozenset()
    """The columns, where a foreign key can refer to them because of this constraint or index."""


Inventory = Mapping[Item, Definition]


def inventory_of(schema: Schema, dialect: Dialect) -> Inventory:
    """The objects of a schema, without Alembic's own.

    Args:
        schema: the state.
        dialect: SQLAlchemy's; writes the types.
    """
    return dict(_items(schema, dialect))


def unmet_needs(before: Inventory, alone: Inventory, together: Inventory) -> Iterator[str]:
    """What the new constraints and indexes of a branch need, and what is not there together with another branch.

    Not every database says so by itself, nor does the state: SQLite checks a foreign key when rows are written, and
    what a CHECK names is text.

    Args:
        before: the objects before the branch.
        alone: after it.
        together: after it and another one.
    """
    for item in sorted(alone):
        definition = alone[item]
        if item in before or item not in together:
            continue
        for need in sorted(definition.uses):
            if need in alone and need not in together:
                yield f"{item} needs {need}, which is not there after both."
        if _has_key(alone, definition) and not _has_key(together, definition):
            columns = ", ".join(sorted(definition.refers_to_columns))
            yield f"{item} refers to {definition.refers_to} ({columns}), which is no key after both."


def _has_key(inventory: Inventory, foreign_key: Definition) -> bool:
    """Whether the columns that a foreign key refers to are a key; False for anything else than a foreign key."""
    keys = {each.key for item, each in inventory.items() if item.table == foreign_key.refers_to and each.key}
    return bool(foreign_key.refers_to_columns) and foreign_key.refers_to_columns in keys


def _items(schema: Schema, dialect: Dialect) -> Iterator[tuple[Item, Definition]]:
    for table in schema.shown_tables.values():
        yield from _table(schema, table, dialect)
    for enum in schema.enums.values():
        yield Item("type", str(enum.key)), Definition(", ".join(enum.labels))
    for sequence in schema.sequences.values():
        yield Item("sequence", str(sequence.key)), Definition(_options(sequence.options))
    for kind, names in (("schema", schema.schemas), ("extension", schema.extensions), ("type", schema.named_types)):
        for name in names:
            yield Item(kind, str(name)), Definition("")


def _table(schema: Schema, table: Table, dialect: Dialect) -> Iterator[tuple[Item, Definition]]:
    name, indexes_are_keys = str(table.key), schema.rules.indexes_foreign_keys
    comment = f"COMMENT {table.comment!r}" if table.comment else ""
    yield Item("table", name, name), Definition(" ".join(filter(None, (comment, _options(table.options)))))
    yield Item(COLUMN_ORDER, name, name), Definition(", ".join(table.columns))
    for column in table.columns.values():
        yield Item("column", column.name, name), Definition(_column(column, dialect))
    for kind, objects in (("constraint", table.constraints), ("index", table.indexes)):
        for each in objects:
            text = _text(each)
            uses = frozenset(Item("column", used, name) for used in columns_of(each, table.columns))
            definition = Definition(text, uses, key=_key(each, indexes_are_keys))
            if isinstance(each, ForeignKey):
                definition = _referring(definition, each, schema)
            yield Item(kind, each.name or f"({text})", name), definition


def _key(each: Constraint | Index, indexes_are_keys: bool) -> frozenset[str]:
    """The columns that a foreign key can refer to; on MariaDB those of any index."""
    if isinstance(each, PrimaryKey | Unique):
        return frozenset(each.columns)
    if isinstance(each, Index) and (each.unique or indexes_are_keys) and all(part.is_column for part in each.parts):
        return frozenset(each.columns)
    return frozenset()


def _referring(definition: Definition, each: ForeignKey, schema: Schema) -> Definition:
    """The definition of a foreign key, with what it needs of the other table."""
    referred = schema.find(each.referred)
    primary = referred.primary_key if referred else None
    columns = frozenset(each.referred_columns or (primary.columns if primary else ()))
    table = str(each.referred)
    needs = {Item("table", table, table), *(Item("column", column, table) for column in columns)}
    return replace(definition, uses=definition.uses | needs, refers_to=table, refers_to_columns=columns)


def _column(column: Column, dialect: Dialect) -> str:
    parts = [
        type_text(column.type, dialect),
        "NULL" if column.nullable else "NOT NULL",
        f"DEFAULT {column.default}" if column.default is not None else "",
        f"COMPUTED {column.computed.text} {column.computed.persisted}" if column.computed else "",
        f"IDENTITY {_options(column.identity)}" if column.identity is not None else "",
        "AUTOINCREMENT" if column.autoincrement else "",
        f"COMMENT {column.comment!r}" if column.comment else "",
        _options(column.options),
    ]
    return " ".join(part for part in parts if part)


_SPOKEN = {"postgresql_not_valid=True": "NOT VALID"}
_WORDS = {"primary": "PRIMARY KEY", "unique": "UNIQUE", "foreignkey": "FOREIGN KEY"}


def _text(each: Constraint | Index) -> str:
    """The definition without the name."""
    if isinstance(each, Check):
        return f"CHECK ({each.text}) {_options(each.options)}".strip()
    if isinstance(each, Exclude):
        elements = ", ".join(f"{text} WITH {operator}" for text, operator in each.elements)
        return f"EXCLUDE ({elements}) {_rest(each, {'elements'})}".strip()
    if isinstance(each, Index):
        parts = ", ".join(part.text if part.is_column else f"({part.text})" for part in each.parts)
        return f"{'UNIQUE ' * each.unique}({parts}) {_rest(each, {'parts', 'unique'})}".strip()
    text = f"{_WORDS[each.kind]} ({', '.join(each.columns)})"
    if isinstance(each, ForeignKey):
        text += f" REFERENCES {each.referred} ({', '.join(each.referred_columns)})"
    return f"{text} {_rest(each, {'columns', 'referred', 'referred_columns', 'is_name_generated'})}".strip()


def _rest(each: Any, told: set[str]) -> str:
    """What else is set, a name and a value each."""
    values = {one.name: getattr(each, one.name) for one in fields(each) if one.name not in {*told, "name"}}
    options = values.pop("options", {})
    return _options({name: value for name, value in values.items() if value not in (None, False)} | dict(options))


def _options(options: Mapping[str, Any]) -> str:
    given = [(name, value) for name, value in sorted(options.items()) if value is not None]
    return " ".join(_SPOKEN.get(f"{name}={value}", f"{name}={value}") for name, value in given)
