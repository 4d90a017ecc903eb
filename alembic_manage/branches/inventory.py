"""What is in a schema, object by object, as text that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy.engine import Dialect

from alembic_manage.state.metadata import type_text
from alembic_manage.state.objects import Check, Column, Constraint, Exclude, ForeignKey, Index, columns_of
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
    """The columns that an index or a constraint of the same table needs."""
    refers_to: str = ""
    """The other table that a foreign key refers to."""


Inventory = Mapping[Item, Definition]


def inventory_of(schema: Schema, dialect: Dialect) -> Inventory:
    """The objects of a schema, without Alembic's own.

    Args:
        schema: the state.
        dialect: SQLAlchemy's; writes the types.
    """
    return dict(_items(schema, dialect))


def dangling(inventory: Inventory) -> Mapping[Item, str]:
    """The foreign keys whose table is not there, each with the name of that table."""
    return {
        item: definition.refers_to
        for item, definition in inventory.items()
        if definition.refers_to and Item("table", definition.refers_to, definition.refers_to) not in inventory
    }


def _items(schema: Schema, dialect: Dialect) -> Iterator[tuple[Item, Definition]]:
    for table in schema.shown_tables.values():
        yield from _table(table, dialect)
    for enum in schema.enums.values():
        yield Item("type", str(enum.key)), Definition(", ".join(enum.labels))
    for sequence in schema.sequences.values():
        yield Item("sequence", str(sequence.key)), Definition(_options(sequence.options))
    for kind, names in (("schema", schema.schemas), ("extension", schema.extensions), ("type", schema.named_types)):
        for name in names:
            yield Item(kind, str(name)), Definition("")


def _table(table: Table, dialect: Dialect) -> Iterator[tuple[Item, Definition]]:
    name = str(table.key)
    comment = f"COMMENT {table.comment!r}" if table.comment else ""
    yield Item("table", name, name), Definition(" ".join(filter(None, (comment, _options(table.options)))))
    yield Item(COLUMN_ORDER, name, name), Definition(", ".join(table.columns))
    for column in table.columns.values():
        yield Item("column", column.name, name), Definition(_column(column, dialect))
    for kind, objects in (("constraint", table.constraints), ("index", table.indexes)):
        for each in objects:
            text = _text(each)
            uses = frozenset(Item("column", used, name) for used in columns_of(each, table.columns))
            refers_to = str(each.referred) if isinstance(each, ForeignKey) else ""
            yield Item(kind, each.name or f"({text})", name), Definition(text, uses, refers_to)


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
    return " ".join(f"{name}={value}" for name, value in sorted(options.items()) if value is not None)
