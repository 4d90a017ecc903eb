"""Statements that make or remove an index while others go on working, read from their text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of

_NAMES = (TokenKind.WORD, TokenKind.NAME)
_GENERATED = re.compile(r".+_idx\d*")
# Source: PostgreSQL 16 manual, REINDEX, "Rebuilding Indexes Concurrently".
_TRANSIENT = re.compile(r"(?P<of>.+)_cc(?:new|old)\d*")
_CUT_BYTES = 56
"""A name of so many bytes with such an ending may have been cut."""


class IndexWork(Enum):
    """What is done to an index."""

    CREATE = "CREATE INDEX"
    REINDEX = "REINDEX"
    DROP = "DROP INDEX"


@dataclass(frozen=True)
class ConcurrentStatement:
    """A statement with CONCURRENTLY."""

    work: IndexWork
    table: str | None
    """As it stands in the text, with its schema; None where the statement names the index alone."""
    index_path: str | None
    """The index as it stands in the text, where that finds it."""
    index: str | None
    """The index's own name; None where the database chooses one, or all of the table's are meant."""

    def leaves(self, name: str) -> bool:
        """Whether an invalid index of this name, on the same table, can be what this statement left when it failed.

        One that can must go before the statement is tried again. What DROP INDEX leaves it takes itself.
        """
        if self.work is IndexWork.CREATE:
            return name == self.index if self.index else bool(_GENERATED.fullmatch(name))
        if self.work is IndexWork.REINDEX:
            return self._is_transient(name)
        return False

    def concerns(self, name: str) -> bool:
        """Whether an invalid index of this name is of interest, should the statement have failed."""
        return self.leaves(name) or name == self.index

    def _is_transient(self, name: str) -> bool:
        match = _TRANSIENT.fullmatch(name)
        if match is None or self.index is None:
            return match is not None
        of = match["of"]
        return of == self.index or (len(name.encode()) >= _CUT_BYTES and self.index.startswith(of))


def concurrent_statement(sql: str, rules: Dialect) -> ConcurrentStatement | None:
    """What a text does CONCURRENTLY to an index; None for every other statement."""
    if "CONCURRENTLY" not in sql.upper():
        return None
    reader = _Reader(sql, rules)
    if reader.takes("CREATE"):
        return _create(reader)
    if reader.takes("REINDEX"):
        return _reindex(reader)
    if reader.takes("DROP", "INDEX", "CONCURRENTLY"):
        reader.takes("IF", "EXISTS")
        path, name = reader.path()
        return ConcurrentStatement(IndexWork.DROP, None, path, name) if name else None
    return None


def _create(reader: _Reader) -> ConcurrentStatement | None:
    reader.takes("UNIQUE")
    if not reader.takes("INDEX", "CONCURRENTLY"):
        return None
    reader.takes("IF", "NOT", "EXISTS")
    name = None
    if not reader.takes("ON"):
        _, name = reader.path()
        if not reader.takes("ON"):
            return None
    reader.takes("ONLY")
    table, _ = reader.path()
    return ConcurrentStatement(IndexWork.CREATE, table, None, name) if table else None


def _reindex(reader: _Reader) -> ConcurrentStatement | None:
    options = reader.parentheses()
    of_index = reader.takes("INDEX")
    if not of_index and not reader.takes("TABLE"):
        return None
    if not reader.takes("CONCURRENTLY") and "CONCURRENTLY" not in options:
        return None
    path, name = reader.path()
    if path is None:
        return None
    if of_index:
        return ConcurrentStatement(IndexWork.REINDEX, None, path, name)
    return ConcurrentStatement(IndexWork.REINDEX, path, None, None)


class _Reader:
    """Reads a statement from its beginning on."""

    def __init__(self, sql: str, rules: Dialect) -> None:
        self.sql = sql
        self.rules = rules
        self._tokens = list(tokens_of(sql, rules))
        self._at = 0

    def takes(self, *keywords: str) -> bool:
        """Whether these come next; if so, it reads on behind them."""
        found = tuple(token.keyword for token in self._tokens[self._at : self._at + len(keywords)])
        if found != keywords:
            return False
        self._at += len(keywords)
        return True

    def parentheses(self) -> tuple[str, ...]:
        """The keywords in the parentheses that come next, if any do."""
        found: list[str] = []
        if self.takes("("):
            while self._at < len(self._tokens) and not self.takes(")"):
                found.append(self._tokens[self._at].keyword)
                self._at += 1
        return tuple(found)

    def path(self) -> tuple[str | None, str | None]:
        """The name that comes next: with its schema as it stands in the text, and by itself as the catalog has it."""
        begin = last = self._name()
        while last is not None and self.takes("."):
            last = self._name()
        if begin is None or last is None:
            return None, None
        return self.sql[begin.start : last.end], self._in_catalog(last)

    def _name(self) -> Token | None:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token.kind not in _NAMES:
            return None
        self._at += 1
        return token

    def _in_catalog(self, token: Token) -> str:
        is_folded = token.kind is TokenKind.WORD and self.rules.folds_names
        return self.rules.cut_name(token.value.lower() if is_folded else token.value)
