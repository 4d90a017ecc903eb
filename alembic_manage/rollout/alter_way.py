"""MariaDB: with which ALGORITHM and LOCK a change is asked for, so that the server refuses it where others would wait.

Source: MariaDB documentation, "InnoDB Online DDL Overview"; tried on 10.11 (tests/databases/test_alter_ways.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum, auto
from itertools import chain
from typing import Any

from alembic_manage.state.schema import Table


class Way(Enum):
    """How a change is made while others read and write."""

    INSTANT = "ALGORITHM=INSTANT"
    """In the catalog alone. LOCK is left out: it is NONE, and MySQL takes no other word beside INSTANT."""
    INPLACE = "ALGORITHM=INPLACE, LOCK=NONE"
    """By building an index, or the table, while others write; where the server has a cheaper way, it takes that."""


class Alteration(Enum):
    """What a statement changes, as far as it matters here."""

    CATALOG = auto()
    """Names, defaults, comments, longer texts; a foreign key or CHECK goes."""
    COLUMN = auto()
    """A column comes at the end, goes, or moves."""
    PLACED_COLUMN = auto()
    """A column comes, and not at the end."""
    NULL = auto()
    """NULL is allowed: the rows are written anew."""
    NOT_NULL = auto()
    """NULL is not allowed any more: the same."""
    INDEX = auto()
    """A plain or unique index comes or goes; a foreign key comes that is not checked."""


_REBUILDS = frozenset((Alteration.COLUMN, Alteration.PLACED_COLUMN, Alteration.NULL, Alteration.NOT_NULL))
_INSTANT = frozenset((Alteration.CATALOG, Alteration.COLUMN, Alteration.PLACED_COLUMN))
_NO_BTREE = re.compile(r"FULLTEXT|SPATIAL", re.IGNORECASE)
_DROP_INDEX = re.compile(r"DROP INDEX (?P<index>`[^`]+`|\S+) ON (?P<table>\S+|(?:\S+\.)?`[^`]+`)", re.IGNORECASE)
KEY_BYTES = 3072
"""A longer unique key is a hash, for which the table is copied. Source: MariaDB documentation, "InnoDB Limitations"."""
_BYTES_OF_CHARACTER = 4


def way_of(alterations: Collection[Alteration], table: Table) -> Way | None:
    """The way of a statement; None where others would wait whatever it says.

    INSTANT is asked for where the next best way writes the whole table.

    Args:
        alterations: all that the statement changes.
        table: as it is before.
    """
    kinds = frozenset(alterations)
    if not _is_innodb(table) or _has_hash(table):
        return None
    if kinds & _REBUILDS and (has_full_text(table) or _has_indexed_virtual(table)):
        return None
    if Alteration.PLACED_COLUMN in kinds and _computed(table, is_stored=False):
        return None
    if Alteration.NOT_NULL in kinds and _computed(table, is_stored=True):
        return None
    if kinds <= _INSTANT and kinds & _REBUILDS and not _is_compressed(table):
        return Way.INSTANT
    return Way.INPLACE


def clause_of(way: Way, statement: str) -> str:
    """A statement with the clauses: behind a comma in ALTER TABLE, without one in CREATE INDEX; DROP INDEX has none."""
    dropped = _DROP_INDEX.fullmatch(statement)
    if dropped is not None:
        statement = f"ALTER TABLE {dropped['table']} DROP INDEX {dropped['index']}"
    if statement.upper().startswith("ALTER"):
        return f"{statement}, {way.value}"
    return f"{statement} {way.value.replace(',', '')}"


def is_plain_index(columns: Collection[str], options: Mapping[str, Any], table: Table, *, unique: bool) -> bool:
    """Whether an index is built while others write: no full text, nothing spatial, and no hash.

    Args:
        columns: the names of those of its parts that are columns.
        options: as SQLAlchemy has them, "mysql_prefix" and the like.
        table: of the index.
        unique: whether it is.
    """
    if is_without_order(options):
        return False
    has_length = any(name.endswith("_length") for name in options)
    return not unique or has_length or not is_hashed(columns, table)


def is_without_order(options: Mapping[str, Any]) -> bool:
    """Whether an index is a FULLTEXT or SPATIAL one, from its options as SQLAlchemy has them."""
    return any(_NO_BTREE.search(str(value)) for name, value in options.items() if name.endswith("_prefix"))


def has_full_text(table: Table) -> bool:
    """Whether a table has a FULLTEXT index: whenever the table is written anew, nobody writes to it."""
    options = chain.from_iterable(each.options.items() for each in table.indexes)
    return any("FULLTEXT" in str(value).upper() for name, value in options if name.endswith("_prefix"))


def is_hashed(columns: Collection[str], table: Table) -> bool:
    """Whether the values of unique columns are too long for a key."""
    types = [table.columns[name].type for name in columns if name in table.columns]
    lengths = [getattr(each, "length", None) for each in types if each.__visit_name__.upper() in _TEXTS]
    return None in lengths or sum(length or 0 for length in lengths) * _BYTES_OF_CHARACTER > KEY_BYTES


def alterations_of_nullability(type_: object, *, nullable: bool) -> tuple[Alteration, ...]:
    """What it is to allow NULL or not; nothing where the table is copied: for a TIMESTAMP that becomes NOT NULL."""
    if nullable:
        return (Alteration.NULL,)
    return () if getattr(type_, "__visit_name__", "").upper() == "TIMESTAMP" else (Alteration.NOT_NULL,)


def alterations_of_drop(column: str, table: Table) -> tuple[Alteration, ...]:
    """What it is to drop a column: an index with it goes too, or is built without it."""
    is_indexed = any(column in each.columns for each in table.indexes)
    return (Alteration.COLUMN, *((Alteration.INDEX,) if is_indexed else ()))


_TEXTS = (
    *("STRING", "VARCHAR", "CHAR", "UNICODE", "TEXT", "UNICODE_TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT"),
    *("LARGE_BINARY", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB"),
)
"""The types whose values may be too long, as SQLAlchemy's visitors call them."""


def _has_indexed_virtual(table: Table) -> bool:
    return any(_computed(table, is_stored=False).intersection(each.columns) for each in table.indexes)


def _computed(table: Table, *, is_stored: bool) -> frozenset[str]:
    return frozenset(
        each.name for each in table.columns.values() if each.computed and bool(each.computed.persisted) == is_stored
    )


def _has_hash(table: Table) -> bool:
    """Whether a UNIQUE is a hash: then any ALTER TABLE copies the table, even one that changes a comment."""
    return any(
        not is_plain_index(each.columns, each.options, table, unique=True) for each in table.indexes if each.unique
    )


def _is_innodb(table: Table) -> bool:
    """Whether nothing says that it has another engine."""
    return all(str(value).upper() == "INNODB" for name, value in table.options.items() if name.endswith("_engine"))


def _is_compressed(table: Table) -> bool:
    return any(
        str(value).upper() == "COMPRESSED" for name, value in table.options.items() if name.endswith("_row_format")
    )
