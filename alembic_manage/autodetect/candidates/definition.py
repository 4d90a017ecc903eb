"""How like two columns are defined, and what would change from one to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.types import Enum, TypeEngine, Uuid

from alembic_manage.sql.type_text import type_text as compiled
from alembic_manage.state.objects import Column

_FAMILIES: Mapping[str, str] = {
    name: family
    for family, names in {
        "integer": "INTEGER INT BIGINT SMALLINT TINYINT MEDIUMINT SERIAL BIGSERIAL SMALLSERIAL",
        "number": "NUMERIC DECIMAL FLOAT REAL DOUBLE MONEY NUMBER",
        "text": "VARCHAR CHAR TEXT NVARCHAR NCHAR CITEXT CLOB CHARACTER LONGTEXT MEDIUMTEXT TINYTEXT STRING AUTOSTRING",
        "boolean": "BOOLEAN BOOL BIT",
        "moment": "TIMESTAMP DATETIME",
        "date": "DATE",
        "time": "TIME",
        "binary": "BLOB BYTEA VARBINARY BINARY LONGBLOB MEDIUMBLOB TINYBLOB",
        "uuid": "UUID GUID",
        "json": "JSON JSONB HSTORE",
        "enum": "ENUM",
    }.items()
    for name in names.split()
}
_RELATED = {
    frozenset(pair.split())
    for pair in (
        "integer number",
        "text enum",
        "date moment",
        "time moment",
        "text uuid",
        "text json",
        "text binary",
        "text integer",
        "text number",
        "integer uuid",
        "binary uuid",
        "boolean integer",
        "boolean enum",
        "enum integer",
        "integer moment",
        "number moment",
        "text moment",
        "text date",
        "binary json",
    )
}
"""Families between which rows are converted in practice."""

SAME, SIZE, RELATED, FOREIGN = "same", "size", "related", "foreign"
"""How two types relate: equal; of one family; of families between which rows are converted; of others."""


def type_relation(old: Column, new: Column, dialect: Any) -> str:
    """SAME, SIZE, RELATED or FOREIGN.

    Args:
        old: a column.
        new: another one.
        dialect: SQLAlchemy's, which writes the types.
    """
    texts = type_text(old.type, dialect), type_text(new.type, dialect)
    if texts[0] == texts[1]:
        return SAME
    families = family(old.type, texts[0]), family(new.type, texts[1])
    if families[0] == families[1]:
        return SIZE
    return RELATED if frozenset(families) in _RELATED else FOREIGN


def type_text(type_: TypeEngine[Any], dialect: Any) -> str:
    """The type as DDL has it; what Python shows where the database does not know it."""
    return compiled(type_, dialect) or type_.__class__.__name__.upper()


def family(type_: TypeEngine[Any], text: str) -> str:
    """A word for types of one nature: "integer", "text", "moment"; the type's own name where there are no others."""
    if text.endswith("[]"):
        return f"{family(getattr(type_, 'item_type', type_), text.removesuffix('[]'))}[]"
    if isinstance(getattr(type_, "impl", type_), Enum) or isinstance(type_, Enum):
        return "enum"
    if isinstance(type_, Uuid):
        return "uuid"  # CHAR(32) where the database has none
    if text.upper() == "TINYINT(1)":
        return "boolean"
    match = re.match(r"\w+", text)
    name = match[0].upper() if match else text
    return _FAMILIES.get(name, name)


def changes(old: Column, new: Column, dialect: Any) -> Iterator[str]:
    """What else changes when one column becomes the other, as short phrases."""
    texts = type_text(old.type, dialect), type_text(new.type, dialect)
    if texts[0] != texts[1]:
        yield f"{texts[0]} becomes {texts[1]}"
    if old.nullable != new.nullable:
        yield "becomes NULL" if new.nullable else "becomes NOT NULL"
    if old.default != new.default and old.computed is None and new.computed is None:
        yield "loses its default" if new.default is None else f"gets the default {new.default}"
    if (old.computed is None) != (new.computed is None):
        yield "becomes computed" if new.computed else "is no longer computed"
