"""The state for a person, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alembic_manage.state import objects
from alembic_manage.state.metadata import type_text
from alembic_manage.state.schema import Schema, Table


def lines_of(schema: Schema, dialect: Any) -> Iterator[str]:
    """A block of lines for each table, tables by name, then types and sequences."""
    for table in sorted(schema.shown_tables.values(), key=lambda each: str(each.key)):
        yield f"{table.key}" + (f"  -- {table.comment}" if table.comment else "")
        width = max((len(name) for name in table.columns), default=0)
        for column in table.columns.values():
            yield f"    {column.name:<{width}}  {_column(column, dialect)}"
        for constraint in table.constraints:
            yield f"    {_constraint(constraint)}"
        for index in table.indexes:
            yield f"    {'unique ' * index.unique}index {index.name} ({_parts(index)}){_options(index.options)}"
        yield ""
    for enum in schema.enums.values():
        yield f"type {enum.key}: {', '.join(enum.labels)}"
    for sequence in schema.sequences.values():
        yield f"sequence {sequence.key}"


def as_json(schema: Schema, dialect: Any) -> Mapping[str, Any]:
    """The stable shape that --json prints."""
    return {
        "tables": [_table_as_json(schema.tables[key], dialect) for key in sorted(schema.shown_tables, key=str)],
        "types": [{"name": str(enum.key), "labels": list(enum.labels)} for enum in schema.enums.values()],
        "sequences": [str(key) for key in schema.sequences],
    }


def _table_as_json(table: Table, dialect: Any) -> Mapping[str, Any]:
    return {
        "schema": table.key.schema,
        "name": table.key.name,
        "comment": table.comment,
        "columns": [
            {
                "name": column.name,
                "type": type_text(column.type, dialect),
                "nullable": column.nullable,
                "default": column.default,
                "computed": column.computed.text if column.computed else None,
                "identity": column.identity is not None,
                "autoincrement": column.autoincrement,
                "comment": column.comment,
            }
            for column in table.columns.values()
        ],
        "constraints": [
            {"kind": each.kind, "name": each.name, "definition": _constraint(each)} for each in table.constraints
        ],
        "indexes": [
            {"name": index.name, "unique": index.unique, "columns": [part.text for part in index.parts]}
            for index in table.indexes
        ],
    }


def _column(column: objects.Column, dialect: Any) -> str:
    parts = [type_text(column.type, dialect), "null" if column.nullable else "not null"]
    if column.default is not None:
        parts.append(f"default {column.default}")
    if column.computed is not None:
        parts.append(f"computed as ({column.computed.text})")
    if column.identity is not None:
        parts.append("identity")
    if column.comment:
        parts.append(f"-- {column.comment}")
    return " ".join(parts)


def _constraint(constraint: objects.Constraint) -> str:
    name = f" {constraint.name}" if constraint.name else ""
    if isinstance(constraint, objects.Check):
        return f"check{name} ({constraint.text})"
    if isinstance(constraint, objects.Exclude):
        return f"exclude{name} ({', '.join(' with '.join(pair) for pair in constraint.elements)})"
    columns = ", ".join(constraint.columns)
    if isinstance(constraint, objects.PrimaryKey):
        return f"primary key{name} ({columns})"
    if isinstance(constraint, objects.Unique):
        return f"unique{name} ({columns})"
    actions = "".join(
        f" on {event} {action}"
        for event, action in (("update", constraint.onupdate), ("delete", constraint.ondelete))
        if action
    )
    return f"foreign key{name} ({columns}) -> {constraint.referred} ({', '.join(constraint.referred_columns)}){actions}"


def _parts(index: objects.Index) -> str:
    return ", ".join(part.text for part in index.parts)


def _options(options: Mapping[str, Any]) -> str:
    found = [f"{name}={value}" for name, value in sorted(options.items()) if value]
    return f" [{', '.join(found)}]" if found else ""
