"""Which tables and views of a database are looked at."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Choice:
    """What the command line asks for."""

    names: tuple[str, ...] = ()
    """Tables and views; empty for all tables."""
    schema: str | None = None
    """None for the default schema."""
    views: bool = False
    """Whether views count where no names are given."""
    partitions: bool = False
    """Whether the parts of a partitioned table count where no names are given."""


@dataclass(frozen=True)
class Chosen:
    """What of it there is."""

    tables: frozenset[str]
    views: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.tables or name in self.views


def chosen(connection: Connection, choice: Choice, own: Container[str]) -> Chosen:
    """The tables and views that a choice means.

    Args:
        connection: to the database.
        choice: what is asked for.
        own: names of tables that are nobody's models; they count where they are asked for by name.

    Raises:
        UsageError: a schema or a table is not there.
    """
    inspector: Any = inspect(connection)
    _require(choice.schema, inspector.get_schema_names(), "schema") if choice.schema else None
    tables = frozenset(inspector.get_table_names(schema=choice.schema))
    views = _views(inspector, choice.schema)
    if choice.names:
        for name in choice.names:
            _require(name, tables | views, "table")
        return Chosen(tables.intersection(choice.names), views.intersection(choice.names))
    parts = () if choice.partitions else dialect_named(connection.dialect.name).partitions(connection, choice.schema)
    wanted = frozenset(name for name in tables if name not in own).difference(parts)
    return Chosen(wanted, views if choice.views else frozenset())


def _views(inspector: Any, schema: str | None) -> frozenset[str]:
    found = set(inspector.get_view_names(schema=schema))
    try:
        found |= set(inspector.get_materialized_view_names(schema=schema))
    except NotImplementedError:  # there is no such thing there
        return frozenset(found)
    return frozenset(found)


def _require(name: str, known: Collection[str], word: str) -> None:
    if name not in known:
        close = difflib.get_close_matches(name, sorted(known), n=1)
        raise UsageError(
            f"The database has no {word} '{name}'.",
            hint=f"did you mean '{close[0]}'?" if close else "see what there is: python manage.py inspectdb",
        )
