"""Empties the tables of a project's models, and lets their numbers begin anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.exc import DBAPIError

from alembic_manage.alembic_plugin import OwnTables, is_managed
from alembic_manage.data.batch import reason_of
from alembic_manage.data.tables import ProjectTables
from alembic_manage.database import Database
from alembic_manage.dialects import AS_IT_STANDS
from alembic_manage.errors import CommandError, RefusedError

VERSION_TABLE = "alembic_version"
TableName = tuple[str | None, str]


@dataclass(frozen=True)
class Flush:
    """What is emptied, and how."""

    tables: tuple[Table, ...]
    statements: tuple[str, ...]


def plan_flush(connection: Connection, database: Database, tables: ProjectTables, *, allow_cascade: bool) -> Flush:
    """The statements that empty every table of the models that the database has, but for those with managed=False.

    Args:
        connection: to the database; nothing is changed.
        database: the database.
        tables: of the project.
        allow_cascade: whether tables of no model that refer to them are emptied too.

    Raises:
        RefusedError: there are such tables, and they may not be emptied.
    """
    inspector = sa.inspect(connection)
    schemas = {table.schema for table in tables.all}
    there = {(schema, name) for schema in schemas for name in inspector.get_table_names(schema=schema)}
    own = OwnTables(VERSION_TABLE)
    managed = (table for table in reversed(tables.all) if is_managed(table) and table.name not in own)
    ours = [table for table in managed if (table.schema, table.name) in there]
    names = {(table.schema, table.name) for table in ours}
    others = _referring(names, _keys(connection, database, schemas))
    if others and not allow_cascade:
        name = ".".join(part for part in others[0] if part)
        raise RefusedError(
            f"{name} is not the models' to empty, and refers to tables that would be. Nothing was changed.",
            hint="python manage.py flush --allow-cascade empties it too",
        )
    emptied = (*(Table(name, MetaData(), schema=schema) for schema, name in others), *ours)
    statements = database.dialect.empty_tables_sql(connection, emptied) if emptied else ()
    return Flush(emptied, tuple(statements))


def run_flush(connection: Connection, database: Database, flush: Flush) -> None:
    """Empty the tables.

    Raises:
        CommandError: the database refuses.
    """
    with database.dialect.migration_session(connection), connection.begin():
        try:
            for statement in flush.statements:
                connection.exec_driver_sql(statement, execution_options=AS_IT_STANDS)
        except DBAPIError as error:
            if not database.dialect.empties_whole:
                connection.invalidate()  # the rest was not run, and with it what puts the session back
            whole = "Nothing was changed" if database.dialect.empties_whole else "Tables before it are empty"
            raise CommandError(
                f"The tables could not be emptied: {reason_of(error)}. {whole}.", hint="python manage.py sqlflush"
            ) from error


def _keys(
    connection: Connection, database: Database, schemas: Iterable[str | None]
) -> dict[TableName, Sequence[object]]:
    """The foreign keys of all tables. What a part of a table refers to, the table does, and it is emptied with it."""
    inspector, keys = sa.inspect(connection), dict[TableName, Sequence[object]]()
    for schema in schemas:
        parts = set(database.dialect.partitions(connection, schema))
        found = inspector.get_multi_foreign_keys(schema=schema).items()
        keys |= {name: each for name, each in found if name[1] not in parts}
    return keys


def _referring(names: Iterable[TableName], keys: dict[TableName, Sequence[object]]) -> list[TableName]:
    """The tables that are not among `names` and refer to one of them, or to a table that does."""
    reached, found = set(names), list[TableName]()
    grows = True
    while grows:
        grows = False
        for name in sorted(keys.keys() - reached, key=str):
            if any(_target(key) in reached for key in keys[name]):
                reached.add(name)
                found.insert(0, name)
                grows = True
    return found


def _target(key: object) -> TableName:
    assert isinstance(key, dict)
    return key["referred_schema"], key["referred_table"]
