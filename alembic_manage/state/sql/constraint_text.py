"""Reads the constraints of a table, from the word that says their kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alembic_manage.state.objects import Check, Constraint, Exclude, ForeignKey, Index, PrimaryKey, Unique
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.index_text import index_name, read_index, read_parts, storage_parameters

CONSTRAINT_PHRASES = ("CONSTRAINT", "PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY", "EXCLUDE USING", "EXCLUDE (")
"""How a table's constraint begins."""
INDEX_PHRASES = ("KEY", "INDEX", "FULLTEXT", "SPATIAL")
"""How an index in a CREATE TABLE begins."""


def read_constraint(read: DdlReader) -> Constraint | Index:
    """A constraint of a table; an index where UNIQUE makes nothing but that."""
    name = None
    if read.accept("CONSTRAINT"):
        read.if_not_exists()
        name = None if read.at(*CONSTRAINT_PHRASES) else read.name()
    kind = read.expect("PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY", "EXCLUDE")
    return _KINDS[kind](read, name)


def _primary_key(read: DdlReader, name: str | None) -> PrimaryKey:
    options = _using(read)
    columns = _columns(read)
    return PrimaryKey(name, columns, options | _tail(read))


def _unique(read: DdlReader, name: str | None) -> Unique | Index:
    word = read.accept("KEY", "INDEX")
    read.if_not_exists()
    nulls = _nulls(read)
    if read.rules.has_inline_indexes:
        name = index_name(read) or name
        index = read_index(read, name or "", unique=True)
        is_index = word == "INDEX" or index.options or len(index.columns) != len(index.parts)
        return index if is_index else Unique(name, index.columns)
    columns = _columns(read)
    options = nulls | _tail(read)
    return Unique(name, columns, **timing(read), options=options)


def _check(read: DdlReader, name: str | None) -> Check:
    text = read.group()
    options: dict[str, Any] = {}
    while word := read.accept("NOT VALID", "NO INHERIT", "ENFORCED"):
        if word == "NOT VALID":
            options[read.option("not_valid")] = True
    return Check(name, text, options)


def _foreign_key(read: DdlReader, name: str | None) -> ForeignKey:
    read.if_not_exists()
    if not read.at("("):
        name = name or read.name()
    columns = read.names()
    read.expect("REFERENCES")
    return read_reference(read, name, columns)


def read_reference(read: DdlReader, name: str | None, columns: tuple[str, ...]) -> ForeignKey:
    """A foreign key from the referred table's name on."""
    referred = read.key()
    referred_columns = read.names() if read.at("(") else ()
    found: dict[str, Any] = {}
    options: dict[str, Any] = {}
    while word := read.accept("ON DELETE", "ON UPDATE", "MATCH", "NOT VALID"):
        if word == "NOT VALID":
            options[read.option("not_valid")] = True
        elif word == "MATCH":
            found["match"] = read.expect("FULL", "PARTIAL", "SIMPLE")
        else:
            found[word.replace(" ", "").lower()] = _action(read)
    found |= timing(read)
    if read.accept("NOT VALID"):
        options[read.option("not_valid")] = True
    return ForeignKey(name, columns, referred, referred_columns, options=options, **found)


def _action(read: DdlReader) -> str:
    action = read.expect("NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT")
    return f"{action} ({read.group()})" if read.at("(") else action


def _exclude(read: DdlReader, name: str | None) -> Exclude:
    using = read.name() if read.accept("USING") else "gist"
    elements = read.parenthesized(lambda: _exclusion(read))
    options = _tail(read)
    where = read.group() if read.accept("WHERE") else None
    return Exclude(name, tuple(elements), using, where, **timing(read), options=options)


def _exclusion(read: DdlReader) -> tuple[str, str]:
    expression = read.expression(("WITH",))
    read.expect("WITH")
    return expression, read.expression()


_KINDS = {
    "PRIMARY KEY": _primary_key,
    "UNIQUE": _unique,
    "CHECK": _check,
    "FOREIGN KEY": _foreign_key,
    "EXCLUDE": _exclude,
}


def read_inline_index(read: DdlReader) -> Index:
    """KEY, INDEX, FULLTEXT or SPATIAL, in a CREATE TABLE or after ADD."""
    options = {}
    if prefix := read.accept("FULLTEXT", "SPATIAL"):
        options[read.option("prefix")] = prefix
        read.accept("KEY", "INDEX")
    else:
        read.expect("KEY", "INDEX")
    read.if_not_exists()
    return read_index(read, index_name(read), options=options)


def timing(read: DdlReader) -> dict[str, Any]:
    """DEFERRABLE and INITIALLY, as constraints take them."""
    found: dict[str, Any] = {}
    while word := read.accept("NOT DEFERRABLE", "DEFERRABLE", "INITIALLY DEFERRED", "INITIALLY IMMEDIATE"):
        if word.startswith("INITIALLY"):
            found["initially"] = word.removeprefix("INITIALLY ")
        else:
            found["deferrable"] = word == "DEFERRABLE"
    return found


def conflict_option(read: DdlReader, name: str) -> Mapping[str, Any]:
    """ON CONFLICT, as an option called `name`."""
    return {read.option(name): read.name().upper()} if read.accept("ON CONFLICT") else {}


def _columns(read: DdlReader) -> tuple[str, ...]:
    """Plain columns; the order and the length of a part do not matter for a constraint."""
    parts = read_parts(read)
    names = [part.text.split()[0] for part in parts.parts if part.is_column or part.text.upper().endswith(" DESC")]
    if len(names) != len(parts.parts):
        raise read.opaque("a constraint on an expression is not read")
    return tuple(names)


def _nulls(read: DdlReader) -> dict[str, Any]:
    nulls = read.accept("NULLS NOT DISTINCT", "NULLS DISTINCT")
    return {read.option("nulls_not_distinct"): True} if "NOT" in nulls else {}


def _using(read: DdlReader) -> dict[str, Any]:
    return {read.option("using"): read.name()} if read.accept("USING") else {}


def _tail(read: DdlReader) -> dict[str, Any]:
    """What may follow the columns of a key."""
    found: dict[str, Any] = {}
    while True:
        if read.accept("INCLUDE"):
            found[read.option("include")] = list(read.names())
        elif read.accept("WITH"):
            storage_parameters(read)
        elif read.accept("USING INDEX TABLESPACE"):
            read.name()
        elif read.at("ON CONFLICT"):
            found |= conflict_option(read, "on_conflict")
        elif read.accept("COMMENT", "USING"):
            read.scalar()
        else:
            return found
