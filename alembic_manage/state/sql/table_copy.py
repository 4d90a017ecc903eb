"""CREATE TABLE ... LIKE: a table made after another one."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from typing import Any

from alembic_manage.state.objects import Check, Column, Constraint, ForeignKey, Key
from alembic_manage.state.schema import Table
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.table_text import read_table_options

_PARTS = frozenset(("DEFAULTS", "CONSTRAINTS", "IDENTITY", "GENERATED", "INDEXES", "COMMENTS"))
_OTHER_PARTS = frozenset(("STORAGE", "STATISTICS", "COMPRESSION"))


def create_like(read: DdlReader, key: Key) -> None:
    """Create the table `key`, from LIKE on."""
    is_in_parentheses = bool(read.accept("("))
    read.expect("LIKE")
    original = read.key()
    parts = _PARTS if read.rules.has_inline_indexes else _included(read)
    if is_in_parentheses:
        read.expect(")")
    found = read.schema.table(original)
    table = _whole_copy(found, key) if read.rules.has_inline_indexes else _copy(found, key, parts)
    read.schema.create_table(read_table_options(read, table))


def _included(read: DdlReader) -> Set[str]:
    included: Set[str] = frozenset()
    while verb := read.accept("INCLUDING", "EXCLUDING"):
        word = read.expect("ALL", *_PARTS, *_OTHER_PARTS)
        named = _PARTS if word == "ALL" else frozenset((word,))
        included = included | named if verb == "INCLUDING" else included - named
    return included


def _whole_copy(original: Table, key: Key) -> Table:
    """Everything but foreign keys; their indexes are indexes like others in the copy.

    Source: MariaDB documentation, "CREATE TABLE ... LIKE".
    """
    return replace(
        original,
        key=key,
        constraints=tuple(each for each in original.constraints if not isinstance(each, ForeignKey)),
        indexes=tuple(replace(each, is_implied=False) for each in original.indexes),
    )


def _copy(original: Table, key: Key, parts: Set[str]) -> Table:
    """The columns, and what INCLUDING says; the server finds new names for keys and indexes.

    Source: PostgreSQL 16 manual, CREATE TABLE, "LIKE source_table".
    """
    return Table(
        key,
        {name: _copied_column(column, parts) for name, column in original.columns.items()},
        tuple(_copied_constraints(original, parts)),
        tuple(replace(index, name="") for index in original.indexes if "INDEXES" in parts),
        original.comment if "COMMENTS" in parts else None,
    )


def _copied_constraints(original: Table, parts: Set[str]) -> Iterator[Constraint]:
    for constraint in original.constraints:
        if isinstance(constraint, Check):
            if "CONSTRAINTS" in parts:
                yield constraint
        elif not isinstance(constraint, ForeignKey) and "INDEXES" in parts:
            yield replace(constraint, name=None)


def _copied_column(column: Column, parts: Set[str]) -> Column:
    changes: dict[str, Any] = {}
    if "DEFAULTS" not in parts:
        changes |= {"default": None, "autoincrement": False}
    if "IDENTITY" not in parts:
        changes["identity"] = None
    if "GENERATED" not in parts:
        changes["computed"] = None
    if "COMMENTS" not in parts:
        changes["comment"] = None
    return replace(column, **changes)
