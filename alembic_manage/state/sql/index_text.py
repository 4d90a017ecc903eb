"""Reads the parts and the options of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alembic_manage.sql.tokens import TokenKind
from alembic_manage.state.objects import Index, IndexPart
from alembic_manage.state.sql.ddl_reader import DdlReader


@dataclass
class IndexText:
    """What the parentheses of an index hold."""

    parts: list[IndexPart] = field(default_factory=list)
    lengths: dict[str, int] = field(default_factory=dict)
    """Of the columns of which only the beginning is in the index."""
    operators: dict[str, str] = field(default_factory=dict)
    """The operator classes of columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(part.text for part in self.parts if part.is_column)


def read_parts(read: DdlReader) -> IndexText:
    """The columns and expressions in parentheses."""
    found = IndexText()
    for text in read.parenthesized(read.expression):
        found.parts.append(_part(DdlReader(text, read.schema, read.dialect), found))
    return found


def _part(read: DdlReader, found: IndexText) -> IndexPart:
    expression = IndexPart(read.sql, is_column=False)
    if (name := _name_in_parentheses(read)) is not None:
        return IndexPart(name)
    if not read.at_name():
        return expression
    name = read.name()
    if read.rules.has_inline_indexes and read.accept("("):
        found.lengths[name] = read.number()
        read.expect(")")
    read.accept("ASC")
    if read.is_done:
        return IndexPart(name)
    if read.at_name() and not read.at("DESC", "NULLS", "COLLATE"):
        operators = ".".join(part for part in read.qualified() if part)
        if read.is_done:
            found.operators[name] = operators
            return IndexPart(name)
    return expression


def _name_in_parentheses(read: DdlReader) -> str | None:
    """The column in `(a)`, which is no expression. Source: PostgreSQL 16, ComputeIndexAttrs (indexcmds.c)."""
    if not read.at("(") or read.rules.has_inline_indexes:
        return None
    whole = DdlReader(read.sql, read.schema, read.dialect)
    inner = DdlReader(whole.group(), read.schema, read.dialect)
    if not whole.is_done or not inner.at_name():
        return None
    name = inner.name()
    return name if inner.is_done else None


def read_index(read: DdlReader, name: str, *, unique: bool = False, options: Mapping[str, Any] | None = None) -> Index:
    """An index from its parentheses on.

    Args:
        read: stands before USING or the parentheses.
        name: of the index; empty where the server is to find one.
        unique: whether it is.
        options: those that came before.
    """
    found = dict(options or {})
    if read.accept("USING"):
        found[read.option("using")] = read.name()
    text = read_parts(read)
    for option, value in (("length", text.lengths), ("ops", text.operators)):
        if value:
            found[read.option(option)] = value
    while (option_and_value := _option(read)) is not None:
        found |= option_and_value
    return Index(name, tuple(text.parts), unique=unique, options=found)


def _option(read: DdlReader) -> Mapping[str, Any] | None:
    if read.accept("WITH PARSER"):
        return {read.option("with_parser"): read.name()}
    if read.accept("INCLUDE"):
        return {read.option("include"): list(read.names())}
    if nulls := read.accept("NULLS NOT DISTINCT", "NULLS DISTINCT"):
        return {read.option("nulls_not_distinct"): True} if "NOT" in nulls else {}
    if read.accept("WITH"):
        return {read.option("with"): storage_parameters(read)}
    if read.accept("TABLESPACE"):
        return {read.option("tablespace"): read.name()}
    if read.accept("WHERE"):
        return {read.option("where"): read.expression()}
    if read.accept("USING"):
        return {read.option("using"): read.name()}
    if read.accept("COMMENT", "KEY_BLOCK_SIZE", "ALGORITHM", "LOCK", "CLUSTERING"):
        read.accept("=")
        read.scalar()
        return {}
    return {} if read.accept("VISIBLE", "INVISIBLE", "IGNORED", "NOT IGNORED", "NOWAIT") else None


def storage_parameters(read: DdlReader) -> dict[str, str]:
    """`(fillfactor = 70, fastupdate)`."""
    found = {}
    for text in read.parenthesized(read.expression):
        name, _, value = text.partition("=")
        found[name.strip()] = value.strip() or "true"
    return found


def index_name(read: DdlReader) -> str:
    """The name before the parentheses of an index, if there is one."""
    is_name = read.at_name() and (read.token.kind is TokenKind.NAME or not read.at("USING", "ON"))
    return read.name() if is_name else ""
