"""One statement of a revision, as a rule sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from alembic_manage.lint.effects import CreateTable, Effect
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of
from alembic_manage.state.objects import Key
from alembic_manage.state.sql.statements import StatementKind

if TYPE_CHECKING:
    from alembic_manage.state.schema import Schema

E = TypeVar("E", bound=Effect)
_NAMES = (TokenKind.WORD, TokenKind.NAME)


@dataclass(frozen=True)
class RowChange:
    """A statement that changes rows."""

    verb: str
    """INSERT, UPDATE, DELETE, MERGE, REPLACE, TRUNCATE or COPY."""
    table: Key | None
    """None where the text does not tell."""
    has_where: bool


@dataclass(eq=False)
class Statement:
    """A statement: its text, its place, what it does, and the state around it."""

    sql: str
    """One statement, in the words of the database."""
    line: int | None
    """In the revision file; None where it cannot be told."""
    kind: StatementKind
    construct: Any
    """SQLAlchemy's or Alembic's object; None where the revision gave text."""
    before: Schema
    after: Schema
    transaction: int
    """Statements with the same number are in one transaction of the database."""
    is_autocommit: bool
    """Whether it runs outside of a transaction, as in an autocommit_block()."""
    effects: tuple[Effect, ...] = ()
    unread: str | None = None
    """Why the state could not read it; its effects are not known then."""
    is_part_of_rebuild: bool = field(default=False)
    """Whether it belongs to a rebuild of a table; its last statement has the effects, the others have none."""

    def of(self, kind: type[E]) -> Iterator[E]:
        """Its effects of one kind."""
        for effect in self.effects:
            if isinstance(effect, kind):
                yield effect

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The text as tokens, by the rules of the database."""
        return tuple(tokens_of(self.sql, self.before.rules))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The keywords and symbols in upper case; names and values in quotes are empty texts."""
        return tuple(token.keyword for token in self.tokens)

    def says(self, words: str) -> bool:
        """Whether the text has these words one after another: `says("NOT VALID")`."""
        return _has(self.words, tuple(words.split()))

    def begins(self, words: str) -> bool:
        """Whether the text begins with these words."""
        wanted = tuple(words.split())
        return self.words[: len(wanted)] == wanted

    def clause_says(self, name: str | None, words: str) -> bool:
        """Whether the part of an ALTER TABLE that names an object has these words; without the name, the whole text."""
        wanted = tuple(words.split())
        parts = [part for part in self._clauses if name and any(token.value == name for token in part)]
        return any(_has(tuple(token.keyword for token in part), wanted) for part in parts or [list(self.tokens)])

    @cached_property
    def _clauses(self) -> list[list[Token]]:
        """The parts between the commas that are in no parentheses."""
        parts: list[list[Token]] = [[]]
        depth = 0
        for token in self.tokens:
            depth += {"(": 1, ")": -1}.get(token.keyword, 0)
            if token.keyword == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        return parts

    @cached_property
    def rows(self) -> RowChange | None:
        """What it does to rows; None where it does nothing to any."""
        if self.kind is not StatementKind.ROWS:
            return None
        place = next((i for i, word in enumerate(self.words) if word in _ROW_VERBS), None)
        if place is None:
            return None
        top = self._outside_of_parentheses(place)
        return RowChange(self.words[place], self._name_after(place), "WHERE" in top)

    def _outside_of_parentheses(self, start: int) -> list[str]:
        depth, found = 0, []
        for word in self.words[start:]:
            depth += {"(": 1, ")": -1}.get(word, 0)
            if depth == 0:
                found.append(word)
        return found

    def _name_after(self, place: int) -> Key | None:
        """The first name behind a verb, and the words that may stand between."""
        tokens = self.tokens[place + 1 :]
        rest = list(tokens)
        while rest and rest[0].keyword in _BETWEEN:
            rest.pop(0)
        parts: list[str] = []
        while rest and rest[0].kind in _NAMES:
            parts.append(rest.pop(0).value)
            if not rest or rest.pop(0).keyword != ".":
                break
        if not parts:
            return None
        return self.before.key(parts[-2] if len(parts) > 1 else None, parts[-1])

    @property
    def makes_tables(self) -> tuple[Key, ...]:
        """The tables that it makes."""
        return tuple(effect.table for effect in self.of(CreateTable))


_ROW_VERBS = ("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "COPY")
_BETWEEN = ("INTO", "FROM", "TABLE", "ONLY", "IGNORE", "LOW_PRIORITY", "OR", "REPLACE", "ROLLBACK", "ABORT")


def _has(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(words[place : place + size] == wanted for place in range(len(words) - size + 1))
