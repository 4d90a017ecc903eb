"""The schema that a connection shows, as a state: its own state where it has one, else what it reflects."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.schema import Index, Table

from alembic_manage.dialects import dialect_named
from alembic_manage.state.definitions import Reader
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.objects import EnumType, ForeignKey
from alembic_manage.state.schema import Schema


def schema_shown(connection: Connection, leave_out: Container[str] = ()) -> Schema:
    """The state of a connection that has one, or the reflection of a real database.

    Args:
        connection: of either kind.
        leave_out: names of tables that do not count.
    """
    shown = getattr(connection.dialect, "state", None)
    return shown if isinstance(shown, Schema) else _reflected(connection, leave_out)


def _reflected(connection: Connection, leave_out: Container[str]) -> Schema:
    rules = dialect_named(connection.dialect.name)
    schema = Schema(rules, connection.dialect.default_schema_name)
    inspector: Any = inspect(connection)
    for enum in getattr(inspector, "get_enums", lambda schema: [])(schema="*"):
        schema.create_enum(EnumType(schema.key(enum["schema"], enum["name"]), tuple(enum["labels"])))
    names = [] if rules.schemas_are_databases else inspector.get_schema_names()
    others = [name for name in names if not rules.is_system_schema(name) and name != schema.default_schema]
    schema.schemas.update(others)
    metadata = MetaData()
    for name in (None, *others):
        metadata.reflect(connection, schema=name, only=lambda table, _: table not in leave_out, resolve_fks=False)
    # Not the driver's own dialect, which may double a percent sign.
    return schema_of(list(metadata.tables.values()), schema, state_dialect(schema, connection.dialect.name))


def schema_of(tables: Collection[Table], schema: Schema, dialect: Any) -> Schema:
    """`schema`, with the tables of SQLAlchemy added to it."""
    read = Reader(dialect, schema)
    foreign_keys = []
    for table in tables:
        found = read.table(table)
        # Models may declare one twice (index=True, and an Index of that name), or one of a name for each database.
        there = {str(index.name): index for index in table.indexes if _is_for(index, dialect.name)}
        indexes = tuple(read.index(there[name]) for name in sorted(there))
        foreign_keys += [(found.key, each) for each in found.foreign_keys]
        constraints = tuple(each for each in found.constraints if not isinstance(each, ForeignKey))
        schema.create_table(replace(found, constraints=constraints, indexes=indexes))
    # Afterwards: two tables may refer to one another.
    for key, foreign_key in foreign_keys:
        schema.add_constraint(key, foreign_key)
    return schema


def _is_for(index: Index, dialect: str) -> bool:
    """Whether the index is made on a database of this kind: `ddl_if(dialect=...)` may say that it is not.

    One of no column, a slip in the models, is made on none.
    """
    if not index.expressions:
        return False
    condition = getattr(index, "_ddl_if", None)
    named = condition.dialect if condition is not None else None
    return named is None or dialect in ([named] if isinstance(named, str) else named)
