"""A place in the tokens of one statement, and what can be read from there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of
from alembic_manage.state.sql.statements import OpaqueStatementError

T = TypeVar("T")
_OPENING, _CLOSING = ("(", "["), (")", "]")
_NOWHERE = Token(TokenKind.STRING, "", 0, 0)


class SqlReader:
    """Reads a statement from left to right; what it does not expect makes the statement opaque.

    Args:
        sql: one statement.
        rules: the lexical rules of its database.
    """

    def __init__(self, sql: str, rules: Dialect) -> None:
        self.sql = sql
        self.rules = rules
        self._tokens = list(tokens_of(sql, rules))
        while self._tokens and self._tokens[-1].keyword == ";":
            self._tokens.pop()
        self._place = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._place >= len(self._tokens)

    @property
    def token(self) -> Token:
        """The next token; one that is no keyword at the end."""
        return self._ahead(0)

    def opaque(self, reason: str) -> OpaqueStatementError:
        """The error to raise."""
        return OpaqueStatementError(self.sql, reason)

    def unexpected(self) -> OpaqueStatementError:
        """The error for what stands here."""
        rest = self.sql[self.token.start :].split() if not self.is_done else []
        return self.opaque(f'"{" ".join(rest[:3])}" is not read here' if rest else "the end comes too soon")

    # Keywords

    def at(self, *phrases: str) -> bool:
        """Whether one of these phrases ("IF NOT EXISTS", "(") comes next."""
        return any(self._matches(phrase.split()) for phrase in phrases)

    def accept(self, *phrases: str) -> str:
        """Go past one of these phrases, and say which; empty where none is here."""
        for phrase in phrases:
            words = phrase.split()
            if self._matches(words):
                self._place += len(words)
                return phrase
        return ""

    def expect(self, *phrases: str) -> str:
        """As `accept`, where one must be here."""
        found = self.accept(*phrases)
        if not found:
            raise self.unexpected()
        return found

    def expect_end(self) -> None:
        """Nothing may be left."""
        if not self.is_done:
            raise self.unexpected()

    def _matches(self, words: list[str]) -> bool:
        return all(self._ahead(distance).keyword == word for distance, word in enumerate(words))

    def _ahead(self, distance: int) -> Token:
        place = self._place + distance
        return self._tokens[place] if place < len(self._tokens) else _NOWHERE

    # Names and literals

    def at_name(self) -> bool:
        """Whether a name, or a keyword that may be one, comes next."""
        return self.token.kind in (TokenKind.WORD, TokenKind.NAME)

    def name(self) -> str:
        """A name."""
        token = self._take(TokenKind.WORD, TokenKind.NAME)
        folds = self.rules.folds_names and token.kind is TokenKind.WORD
        return self.rules.cut_name(token.value.lower() if folds else token.value)

    def qualified(self) -> tuple[str | None, str]:
        """A name with its schema, which is None where it is not said."""
        first = self.name()
        return (first, self.name()) if self.accept(".") else (None, first)

    def string(self) -> str:
        """The content of a string."""
        return self._take(TokenKind.STRING).value

    def number(self) -> int:
        """A whole number."""
        sign = "-" if self.accept("-") else ""
        self.accept("+")
        text = self._take(TokenKind.NUMBER).text
        if not text.isdigit():
            raise self.opaque(f"{text} is no whole number")
        return int(sign + text)

    def scalar(self) -> str:
        """A word, a number or the content of a string."""
        sign = self.accept("-", "+")
        kinds = (TokenKind.WORD, TokenKind.NAME, TokenKind.NUMBER, TokenKind.STRING)
        return sign + self._take(*kinds).value

    def body(self) -> str:
        """The content of a text between dollar quotes, or of a string."""
        return self._take(TokenKind.BODY, TokenKind.STRING).value

    def _take(self, *kinds: TokenKind) -> Token:
        token = self.token
        if self.is_done or token.kind not in kinds:
            raise self.unexpected()
        self._place += 1
        return token

    # Lists, expressions

    def separated(self, item: Callable[[], T]) -> list[T]:
        """What `item` reads, once or more, with commas between."""
        items = [item()]
        while self.accept(","):
            items.append(item())
        return items

    def parenthesized(self, item: Callable[[], T]) -> list[T]:
        """As `separated`, in parentheses."""
        self.expect("(")
        items = self.separated(item)
        self.expect(")")
        return items

    def names(self) -> tuple[str, ...]:
        """Names in parentheses."""
        return tuple(self.parenthesized(self.name))

    def group(self) -> str:
        """The text between two parentheses."""
        start = self.token.end
        self._skip_group("(")
        return self.sql[start : self._tokens[self._place - 1].start].strip()

    def expression(self, stops: Collection[str] = ()) -> str:
        """An expression's text, up to a comma, the end of its parentheses or one of the keywords `stops`.

        Its first token belongs to it, whatever it is.
        """
        first = self._place
        while not self.is_done and not self.at(",", *_CLOSING, ";"):
            if self._place > first and self.token.keyword in stops:
                break
            self.skip()
        if self._place == first:
            raise self.unexpected()
        return self.sql[self._tokens[first].start : self._tokens[self._place - 1].end]

    def text_since(self, start: int) -> str:
        """The text from a place in the statement to the end of the last token that was read."""
        return self.sql[start : self._tokens[self._place - 1].end] if self._place else ""

    def skip(self) -> None:
        """Go past one token, or past parentheses and all that is in them."""
        if self.token.keyword in _OPENING:
            self._skip_group(self.token.keyword)
        elif self.is_done:
            raise self.unexpected()
        else:
            self._place += 1

    def rest(self) -> str:
        """The text from here on; the place stays."""
        return "" if self.is_done else self.sql[self.token.start :]

    def skip_rest(self) -> str:
        """Go to the end, and give the text that was left."""
        start = self.token.start if not self.is_done else len(self.sql)
        end = self._tokens[-1].end if not self.is_done else start
        self._place = len(self._tokens)
        return self.sql[start:end]

    def _skip_group(self, opening: str) -> None:
        if self.token.keyword != opening:
            raise self.unexpected()
        depth = 0
        while not self.is_done:
            depth += (self.token.keyword in _OPENING) - (self.token.keyword in _CLOSING)
            self._place += 1
            if depth == 0:
                return
        raise self.opaque("a parenthesis is not closed")
