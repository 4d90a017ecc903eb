"""The names that renames are given by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alembic_manage.autodetect.candidates import Path, enum_value_paths
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy import Table

INFO = "renamed_from"
"""The key of `info` in a model that tells the old name."""


def paths_of(kinds: frozenset[str], schema: Schema) -> dict[str, Path]:
    """What there is of some kinds, by its path in text."""
    return {str(path): path for kind in kinds for path in _paths(kind, schema)}


def _paths(kind: str, schema: Schema) -> Iterator[Path]:
    tables = schema.shown_tables.items()
    if kind == "table":
        yield from (Path(key.schema, key.name) for key, _ in tables)
    elif kind == "column":
        yield from (Path(key.schema, key.name, name) for key, table in tables for name in table.columns)
    elif kind == "index":
        yield from (Path(key.schema, key.name, index.name) for key, table in tables for index in table.indexes)
    elif kind == "constraint":
        # A constraint without a name would have the path of its table.
        named = ((key, each.name) for key, table in tables for each in table.constraints if each.name)
        yield from (Path(key.schema, key.name, name) for key, name in named)
    else:
        yield from enum_value_paths(schema)


def renames_in_models(tables: Iterable[Table]) -> Mapping[str, str]:
    """New path by old one, of every model, column, index and constraint with `info={"renamed_from": "old"}`."""
    found: dict[str, str] = {}
    for table in tables:
        prefix = f"{table.schema}." if table.schema else ""
        if INFO in table.info:
            old = str(table.info[INFO])
            found[old if "." in old else prefix + old] = table.fullname
        inside: list[Any] = [*table.columns, *table.indexes, *table.constraints]
        for each in inside:
            if INFO in each.info and each.name:
                found[f"{table.fullname}.{each.info[INFO]}"] = f"{table.fullname}.{each.name}"
    return found
