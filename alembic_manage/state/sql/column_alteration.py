"""ALTER COLUMN: one action on one column."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from alembic_manage.state.objects import Computed, Key
from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.column_text import read_identity, set_collation
from alembic_manage.state.sql.ddl_reader import DdlReader


def alter_column(read: DdlReader, key: Key, name: str) -> Callable[[], None]:
    """The change that the words after a column's name mean."""
    set_column = partial(read.schema.alter_column, key, name)
    if read.accept("TYPE", "SET DATA TYPE"):
        return partial(set_column, type=_type(read))
    if read.accept("SET DEFAULT"):
        text = read.expression()
        return partial(set_column, default=None if text.upper() == "NULL" else text)
    if read.accept("DROP DEFAULT"):
        return partial(set_column, default=None, autoincrement=False)
    if read.accept("SET NOT NULL"):
        return partial(set_column, nullable=False)
    if read.accept("DROP NOT NULL"):
        return partial(_drop_not_null, read, key, name)
    if read.accept("DROP EXPRESSION"):
        read.if_exists()
        return partial(set_column, computed=None)
    if read.accept("SET EXPRESSION AS"):
        return partial(set_column, computed=Computed(read.group(), True))
    if read.at("SET STATISTICS", "SET STORAGE", "SET COMPRESSION", "SET (", "RESET ("):
        read.expression()
        return set_column
    return _identity(read, key, name)


def _type(read: DdlReader) -> Any:
    type_ = read.type()
    if read.accept("COLLATE"):
        set_collation(read, type_, read.collation())
    if read.accept("USING"):
        read.expression()
    return type_


def _drop_not_null(read: DdlReader, key: Key, name: str) -> None:
    primary = read.schema.table(key).primary_key
    if primary is not None and name in primary.columns:
        raise SchemaError(f'the column "{name}" of "{key}" is in the primary key')
    read.schema.alter_column(key, name, nullable=True)


def _identity(read: DdlReader, key: Key, name: str) -> Callable[[], None]:
    if read.accept("ADD GENERATED"):
        always = read.expect("ALWAYS", "BY DEFAULT") == "ALWAYS"
        read.expect("AS IDENTITY")
        return partial(read.schema.alter_column, key, name, identity=read_identity(read, always))
    if read.accept("DROP IDENTITY"):
        read.if_exists()
        return partial(read.schema.alter_column, key, name, identity=None)
    changes: dict[str, Any] = {}
    if not read.at("SET", "RESTART"):
        raise read.unexpected()
    while read.at("SET", "RESTART"):
        read.accept("SET")
        changes |= _identity_option(read)
    return partial(_set_identity, read, key, name, changes)


def _identity_option(read: DdlReader) -> dict[str, Any]:
    if read.accept("GENERATED"):
        return {"always": read.expect("ALWAYS", "BY DEFAULT") == "ALWAYS"}
    return dict(read.sequence_option())


def _set_identity(read: DdlReader, key: Key, name: str, changes: dict[str, Any]) -> None:
    identity = read.schema.column(key, name).identity
    if identity is None:
        raise SchemaError(f'the column "{name}" of "{key}" is no identity column')
    read.schema.alter_column(key, name, identity={**identity, **changes})
