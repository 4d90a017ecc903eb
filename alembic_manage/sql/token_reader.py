"""Reads tokens from left to right."""

from __future__ import annotations

from alembic_manage.sql.tokens import Token, TokenKind
from alembic_manage.sql.unreadable import Unreadable


class TokenReader:
    """Tokens, and how far they are read.

    Args:
        tokens: of a text.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.place >= len(self.tokens)

    def at(self, *keywords: str) -> bool:
        """Whether one of these words or symbols comes next."""
        return not self.is_done and self.tokens[self.place].keyword in keywords

    def accept(self, *keywords: str) -> str:
        """One of these words or symbols, if it comes next; else nothing."""
        if not self.at(*keywords):
            return ""
        return self.next().keyword

    def expect(self, keyword: str) -> None:
        """A word or symbol that must come next."""
        if not self.accept(keyword):
            raise Unreadable(keyword)

    def next(self) -> Token:
        """The next token, of whatever kind."""
        if self.is_done:
            raise Unreadable("the end")
        self.place += 1
        return self.tokens[self.place - 1]

    @property
    def next_kind(self) -> TokenKind | None:
        """The kind of the next token; None at the end."""
        return None if self.is_done else self.tokens[self.place].kind
