"""Triggers and views: the state has none, so they are read from the text of migrations, or from the target database."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from alembic_manage.lint.source import read_source
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of
from alembic_manage.state.sql.statements import split_statements

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.dialects import Dialect
    from alembic_manage.history import History

_NAMES = (TokenKind.WORD, TokenKind.NAME, TokenKind.STRING)
"""SQLite takes a string where a name must be."""
_BEFORE_KIND = ("TEMP", "TEMPORARY", "OR", "REPLACE")


@dataclass(frozen=True)
class StoredProgram:
    """A trigger or a view."""

    kind: str
    """TRIGGER or VIEW."""
    name: str
    table: str | None
    """The table, or view, that a trigger belongs to; None for a view."""
    sql: str
    """What makes it."""
    used: frozenset[str]
    """The tables and views that it reads or writes, in lower case; the aliases of some are among them."""


Programs = dict[str, StoredProgram]
"""By name in lower case, in the order in which they were made."""


def changed_by(programs: Programs, statements: Iterable[str], rules: Dialect) -> Programs:
    """What is there after some statements of SQL, of which most are about something else.

    Args:
        programs: what is there before.
        statements: in order.
        rules: of the database.
    """
    found = dict(programs)
    for statement in statements:
        _apply(found, statement, rules)
    return found


def programs_of_history(
    history: History, ids: Iterable[str], rules: Dialect, known: dict[Path, tuple[str, ...]]
) -> Programs:
    """What revisions make and do not drop again, as far as their files have it word for word; nothing is run.

    Args:
        history: has the revisions.
        ids: theirs.
        rules: of the database.
        known: the statements in files that were read before; the others are added.
    """
    found: Programs = {}
    for revision in history.in_order(list(ids)):
        if revision.path not in known:
            known[revision.path] = _statements_in(read_source(revision.path), rules)
        found = changed_by(found, known[revision.path], rules)
    return found


def programs_of_database(connection: Connection, rules: Dialect) -> Programs | None:
    """What a database has; None where it cannot be asked."""
    if rules.stored_programs is None:
        return None
    statements = [str(sql) for (sql,) in connection.execute(text(rules.stored_programs)) if sql]
    return changed_by({}, statements, rules)


def _statements_in(source: str, rules: Dialect) -> tuple[str, ...]:
    """The statements of a revision file, where it is about triggers and views at all."""
    upper = source.upper()
    return tuple(_texts(source, rules)) if "TRIGGER" in upper or "VIEW" in upper else ()


def _texts(source: str, rules: Dialect) -> Iterator[str]:
    """The statements in the strings of a revision file, in order; what stands in downgrade() is left out."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == "downgrade":
            continue
        constants = [each for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        for each in sorted(constants, key=lambda constant: (constant.lineno, constant.col_offset)):
            yield from split_statements(str(each.value), rules)


def _apply(found: Programs, statement: str, rules: Dialect) -> None:
    tokens = list(tokens_of(statement, rules))
    verb, rest = (tokens[0].keyword if tokens else ""), tokens[1:]
    if verb not in ("CREATE", "DROP"):
        return
    while rest and rest[0].keyword in _BEFORE_KIND:
        rest.pop(0)
    if not rest or rest[0].keyword not in ("TRIGGER", "VIEW", "TABLE"):
        return
    kind = rest.pop(0).keyword
    name, rest = _named(rest)
    if kind == "TABLE":
        gone = [each for each, program in found.items() if verb == "DROP" and (program.table or "").lower() == name]
    else:
        gone = [name]
    for each in gone:
        found.pop(each, None)
    if verb == "CREATE" and kind != "TABLE":
        table = _table_of(rest) if kind == "TRIGGER" else None
        found[name] = StoredProgram(kind, name, table, statement, frozenset(_used(tokens)))


def _named(tokens: list[Token]) -> tuple[str, list[Token]]:
    """The name behind IF EXISTS and a schema, in lower case, and what follows it."""
    rest = [token for token in tokens[:3] if token.keyword not in ("IF", "NOT", "EXISTS")] + tokens[3:]
    if len(rest) > 2 and rest[1].text == ".":
        rest = rest[2:]
    return (rest[0].value.lower() if rest else ""), rest[1:]


def _table_of(tokens: list[Token]) -> str | None:
    """What stands behind ON; before it are only words like AFTER UPDATE OF a, b."""
    place = next((i for i, token in enumerate(tokens) if token.keyword == "ON"), None)
    return _named(tokens[place + 1 :])[0] if place is not None else None


def _used(tokens: Sequence[Token]) -> Iterator[str]:
    """The names that stand where a table does: behind FROM, JOIN, INTO and UPDATE, and behind a comma after those."""
    is_table = is_list = False
    for place, token in enumerate(tokens):
        if token.keyword in _BEFORE_TABLES:
            is_table, is_list = True, token.keyword == "FROM"
        elif token.keyword == "," and is_list:
            is_table = True
        elif token.keyword in ("(", ")", ";") or token.keyword in _AFTER_TABLES:
            is_table = is_list = False
        elif is_table and token.kind in _NAMES:
            is_schema = place + 1 < len(tokens) and tokens[place + 1].text == "."
            is_table = is_schema
            if not is_schema:
                yield token.value.lower()


_BEFORE_TABLES = ("FROM", "JOIN", "INTO", "UPDATE")
_AFTER_TABLES = ("WHERE", "SELECT", "SET", "VALUES", "ON", "USING", "GROUP", "ORDER", "LIMIT", "UNION", "OF")


def in_the_way(programs: Mapping[str, StoredProgram], table: str) -> list[StoredProgram]:
    """The views, and the triggers of other tables, that name a table, and the views that name those views."""
    found: dict[str, StoredProgram] = {}
    names = [table]
    while names:
        name = names.pop()
        for key, each in programs.items():
            is_own = each.table is not None and each.table == table.lower()
            if key not in found and not is_own and name.lower() in each.used:
                found[key] = each
                names += [each.name] if each.kind == "VIEW" else []
    return [each for key, each in programs.items() if key in found]
