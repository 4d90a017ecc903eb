"""The tables of a database as SQLAlchemy's objects, with what its reflection leaves out."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SAWarning

from alembic_manage.alembic_plugin import MANAGED
from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.inspection.choice import Chosen
from alembic_manage.state.engine import state_engine
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.reflected import schema_of
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")


def reflected(connection: Connection, chosen: Chosen, schema: str | None) -> sa.MetaData:
    """The chosen tables and views, and the tables that they refer to."""
    metadata = sa.MetaData()
    with warnings.catch_warnings():
        # What SQLAlchemy passes over is completed, or told at the end of the file.
        warnings.simplefilter("ignore", SAWarning)
        metadata.reflect(connection, schema=schema, views=bool(chosen.views), only=lambda name, _: name in chosen)
    types = dialect_named(connection.dialect.name).types(connection, schema)
    for table in metadata.tables.values():
        if table.schema == schema and table.name in chosen.views:
            table.info[MANAGED] = False
        else:
            _complete(connection, table)
        if table.schema == schema:
            _recognise_json(table, types)
    return metadata


def _complete(connection: Connection, table: sa.Table) -> None:
    rules = dialect_named(connection.dialect.name)
    for column in table.primary_key:
        column.nullable = False  # SQLite says otherwise of a row's number, which is never NULL
    for (name, column_name), text in rules.computed(connection, table.schema).items():
        found = table.columns.get(column_name) if name == table.name else None
        if found is not None and found.computed is not None:
            found.computed.sqltext = sa.text(text)
    for (name, columns), actions in rules.key_actions(connection, table.schema, table.name).items():
        for key in table.foreign_key_constraints:
            if (key.referred_table.name, tuple(key.column_keys)) == (name, columns):
                key.onupdate, key.ondelete = actions
    _add_indexes(connection, table)
    _escape(table)


def _recognise_json(table: sa.Table, types: Mapping[tuple[str, str], str]) -> None:
    """Give columns their type back where JSON is a text with a CHECK."""
    for column in table.columns:
        if types.get((table.name, column.name)) == "JSON":
            column.type = sa.JSON()


def _add_indexes(connection: Connection, table: sa.Table) -> None:
    """Add what SQLAlchemy does not reflect: SQLite's indexes of expressions, and the direction of columns."""
    rules = dialect_named(connection.dialect.name)
    found = {str(index.name): index for index in table.indexes}
    definitions = {
        index: text
        for (name, index), text in rules.index_definitions(connection, table.schema).items()
        if name == table.name and _is_incomplete(found.get(index), text, rules)
    }
    table.indexes -= {index for name, index in found.items() if name in definitions}
    read = _read(table, list(definitions.values()), connection.dialect.name)
    for index in sorted(read.indexes, key=lambda each: str(each.name)):
        parts = [table.c[part.name] if isinstance(part, sa.Column) else part for part in index.expressions]
        sa.Index(index.name, *parts, unique=index.unique, _table=table, **index.kwargs)


def _is_incomplete(index: sa.Index | None, definition: str, rules: Dialect) -> bool:
    """Whether its definition says more than SQLAlchemy's reflection."""
    if index is None:
        return not rules.reflects_expressions
    is_plain = all(isinstance(each, sa.Column) for each in index.expressions)
    # SQLAlchemy 2.1 cannot write an index of which only some parts are columns, where they have lengths.
    has_lengths = any(name.endswith("_length") for name in index.kwargs)
    return is_plain and " DESC" in definition and not has_lengths


def _read(table: sa.Table, statements: list[str], name: str) -> sa.Table:
    """The table with what the statements add to it, read by the history state."""
    schema = Schema(dialect_named(name), None)
    engine: Any = state_engine(schema, name)
    schema_of([_alone(table)], schema, engine.dialect)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return next(iter(metadata_of(schema).tables.values()))


def _alone(table: sa.Table) -> sa.Table:
    return sa.Table(table.name, sa.MetaData(), *(sa.Column(each.name, sa.Integer) for each in table.columns))


def _escape(table: sa.Table) -> None:
    """Say of each colon in SQL that no parameter begins with it."""
    for column in table.columns:
        default: Any = column.server_default
        if isinstance(default, sa.DefaultClause) and isinstance(default.arg, sa.TextClause):
            default.arg.text = escaped(default.arg.text)


def escaped(text: str) -> str:
    """SQL for sqlalchemy.text, in which a colon before a name is a parameter."""
    return _PARAMETER.sub(r"\\:", text)
