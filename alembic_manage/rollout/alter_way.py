"""MariaDB: with which ALGORITHM and LOCK a change is asked for, so that the server refuses it where others would wait.

Source: MariaDB documentation, "InnoDB Online DDL Overview"; tried on 10.11 (tests/databases/test_alter_ways.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum, auto
from itertools import chain
from typing import Any

from alembic_manage.state.expression import columns_in
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
    NULLABLE = auto()
    """NULL is allowed, or not any more: the rows are written anew."""
    INDEX = auto()
    """A plain or unique index comes or goes; a foreign key comes that is not checked."""


_REBUILDS = frozenset((Alteration.COLUMN, Alteration.PLACED_COLUMN, Alteration.NULLABLE))
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
    if not _is_innodb(table):
        return None
    if kinds & _REBUILDS and (_has_fulltext(table) or _has_indexed_virtual(table)):
        return None
    if Alteration.PLACED_COLUMN in kinds and _virtual(table):
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
    if any(_NO_BTREE.search(str(value)) for value in options.values()):
        return False
    has_length = any(name.endswith("_length") for name in options)
    return not unique or has_length or not is_hashed(columns, table)


def is_hashed(columns: Collection[str], table: Table) -> bool:
    """Whether the values of unique columns are too long for a key."""
    types = [table.columns[name].type for name in columns if name in table.columns]
    lengths = [getattr(each, "length", None) for each in types if each.__visit_name__.upper() in _TEXTS]
    return None in lengths or sum(length or 0 for length in lengths) * _BYTES_OF_CHARACTER > KEY_BYTES


def is_stored_from(column: str, table: Table) -> bool:
    """Whether a STORED column is computed from it; then the table is copied when NULL is not allowed any more."""
    return any(
        column in columns_in(each.computed.text, frozenset((column,)))
        for each in table.columns.values()
        if each.computed is not None and each.computed.persisted
    )


def alterations_of_drop(column: str, table: Table) -> tuple[Alteration, ...]:
    """What it is to drop a column: an index with it goes too, or is built without it."""
    is_indexed = any(column in each.columns for each in table.indexes)
    return (Alteration.COLUMN, *((Alteration.INDEX,) if is_indexed else ()))


_TEXTS = (
    *("STRING", "VARCHAR", "CHAR", "UNICODE", "TEXT", "UNICODE_TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT"),
    *("LARGE_BINARY", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB"),
)
"""The types whose values may be too long, as SQLAlchemy's visitors call them."""


def _has_fulltext(table: Table) -> bool:
    return any(
        "FULLTEXT" in str(value).upper()
        for value in chain.from_iterable(each.options.values() for each in table.indexes)
    )


def _has_indexed_virtual(table: Table) -> bool:
    return any(_virtual(table).intersection(each.columns) for each in table.indexes)


def _virtual(table: Table) -> frozenset[str]:
    return frozenset(each.name for each in table.columns.values() if each.computed and not each.computed.persisted)


def _is_innodb(table: Table) -> bool:
    """Whether nothing says that it has another engine."""
    return all(str(value).upper() == "INNODB" for name, value in table.options.items() if name.endswith("_engine"))


def _is_compressed(table: Table) -> bool:
    return any(
        str(value).upper() == "COMPRESSED" for name, value in table.options.items() if name.endswith("_row_format")
    )
