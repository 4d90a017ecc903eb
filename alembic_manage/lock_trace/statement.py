"""A statement's verb and the tables that it names, read from its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of

_NAMES = (TokenKind.WORD, TokenKind.NAME)
# What may stand between a verb and the name of its table.
_FILLERS = frozenset(
    {"IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "TEMPORARY", "TEMP", "UNLOGGED", "IGNORE", "ONLINE"}
)
_OBJECTS = frozenset({"TABLE", "INDEX", "TRIGGER", "VIEW", "TYPE", "SEQUENCE", "SCHEMA", "EXTENSION", "FUNCTION"})

_WAYS = frozenset({"DEFAULT", "INSTANT", "NOCOPY", "INPLACE", "COPY", "NONE", "SHARED", "EXCLUSIVE"})
"""What ALGORITHM and LOCK may say. Source: MariaDB documentation, "ALTER TABLE"."""


@dataclass(frozen=True)
class Statement:
    """One statement."""

    sql: str
    rules: Dialect

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its keywords and symbols; names in quotes and texts are empty."""
        return tuple(token.keyword for token in self._tokens)

    @cached_property
    def verb(self) -> str:
        """ "ALTER TABLE", "CREATE INDEX", "UPDATE", ...; its first word where that says enough."""
        first = self.words[0] if self.words else ""
        if first in ("INSERT", "DELETE", "MERGE", "REPLACE"):
            return first
        if first in ("COMMENT", "REFRESH", "VACUUM", "UPDATE", "TRUNCATE", "LOCK", "ANALYZE", "REINDEX"):
            return first
        found = next((word for word in self.words[1:6] if word in _OBJECTS), "")
        return f"{first} {found}".strip()

    @cached_property
    def table(self) -> str | None:
        """The table that it is about; None where the text does not say."""
        if self.verb in ("ALTER TABLE", "CREATE TABLE", "DROP TABLE", "RENAME TABLE"):
            return self._name_after("TABLE")
        if self.verb in ("CREATE INDEX", "DROP INDEX", "CREATE TRIGGER", "DROP TRIGGER"):
            return self._name_after("ON")
        if self.verb in ("INSERT", "REPLACE", "MERGE"):
            return self._name_after("INTO")
        if self.verb == "DELETE":
            return self._name_after("FROM")
        if self.verb == "COMMENT":
            return self._name_after("TABLE") or (self._name_after("COLUMN") or "").rpartition(".")[0] or None
        if self.verb in ("UPDATE", "TRUNCATE"):
            return self._name_after("TABLE") or self._name_at(1)
        return None

    @cached_property
    def referenced(self) -> tuple[str, ...]:
        """The tables that new foreign keys of it refer to, each once."""
        found = [self._name_at(place + 1) for place, word in enumerate(self.words) if word == "REFERENCES"]
        return tuple(dict.fromkeys(name for name in found if name))

    def has(self, *phrase: str) -> bool:
        """Whether these words stand in it, one after the other."""
        length = len(phrase)
        return any(self.words[at : at + length] == phrase for at in range(len(self.words) - length + 1))

    def clause(self, name: str) -> str | None:
        """What `NAME = VALUE` or `NAME VALUE` says, in upper case; None where it does not stand there."""
        return next((self.words[end] for _, end in self._clauses(name)), None)

    def without_clauses(self, *names: str) -> str:
        """The text without `NAME = VALUE` of each name, and without the comma that set it apart."""
        text = self.sql
        for begin, end in sorted((each for name in names for each in self._clauses(name)), reverse=True):
            if self.words[begin - 1 : begin] == (",",):
                begin -= 1
            elif self.words[end + 1 : end + 2] == (",",):
                end += 1
            text = text[: self._tokens[begin].start] + text[self._tokens[end].end :]
        return text

    def _clauses(self, name: str) -> Iterator[tuple[int, int]]:
        """The places of the first and the last token of each."""
        for begin in (place for place, word in enumerate(self.words) if word == name):
            end = begin + 1 + (self.words[begin + 1 : begin + 2] == ("=",))
            if self.words[end : end + 1] and self.words[end] in _WAYS:
                yield begin, end

    @cached_property
    def _tokens(self) -> Sequence[Token]:
        return list(tokens_of(self.sql, self.rules))

    def _name_after(self, keyword: str) -> str | None:
        return self._name_at(self.words.index(keyword) + 1) if keyword in self.words else None

    def _name_at(self, place: int) -> str | None:
        """The name that begins here, with its schema, as the catalog has it."""
        while place < len(self._tokens) and self.words[place] in _FILLERS:
            place += 1
        parts: list[str] = []
        while place < len(self._tokens) and self._tokens[place].kind in _NAMES:
            token = self._tokens[place]
            is_folded = token.kind is TokenKind.WORD and self.rules.folds_names
            parts.append(token.value.lower() if is_folded else token.value)
            if self.words[place + 1 : place + 2] != (".",):
                break
            place += 2
        return ".".join(parts) or None
