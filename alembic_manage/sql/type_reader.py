"""Reads names and types among the tokens of an expression."""

from __future__ import annotations

from alembic_manage.dialects import Dialect
from alembic_manage.sql.token_reader import TokenReader
from alembic_manage.sql.tokens import Token, TokenKind
from alembic_manage.sql.unreadable import Unreadable

# Types that are several words. Source: PostgreSQL 16 manual, table 8.1.
_LONG_TYPES = {
    "DOUBLE": ("PRECISION",),
    "CHARACTER": ("VARYING",),
    "BIT": ("VARYING",),
    "TIMESTAMP": ("WITH", "WITHOUT", "TIME", "ZONE"),
    "TIME": ("WITH", "WITHOUT", "TIME", "ZONE"),
    "INTERVAL": (),
}


class TypeReader(TokenReader):
    """Reads from left to right.

    Args:
        tokens: of the text.
        rules: of the database.
    """

    def __init__(self, tokens: list[Token], rules: Dialect) -> None:
        super().__init__(tokens)
        self.rules = rules

    def name(self, token: Token) -> str:
        """A name as the database compares it.

        Raises:
            Unreadable: the token is none.
        """
        if token.kind is TokenKind.WORD:
            return token.text.lower()
        if token.kind is not TokenKind.NAME:
            raise Unreadable(token.text)
        return token.value.lower() if self.rules.ignores_case else token.value

    def sql_type(self) -> str:
        """A type with its length, in the spelling that the database prefers."""
        token = self.next()
        words = [self.name(token)]
        while self.accept("."):
            words = [self.name(self.next())]
        length = ""
        more = _LONG_TYPES.get(token.keyword, ())
        while not self.is_done and (self.at(*more) or self.at("(")):
            if self.at("("):
                length = self._length()
            else:
                words.append(self.next().text.lower())
        dimensions = ""
        while self.accept("["):
            while not self.accept("]"):
                self.next()
            dimensions = "[]"
        return f"{self.type_name(' '.join(words))}{length}{dimensions}"

    def type_name(self, name: str) -> str:
        """The spelling that the database prefers for the name of a type."""
        return self.rules.type_aliases.get(name.lower(), name.lower())

    def _length(self) -> str:
        self.expect("(")
        text = ""
        while not self.accept(")"):
            text += self.next().text
        return f"({text})"
