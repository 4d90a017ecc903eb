"""The operators of SQL: how tightly they bind, and which characters make one."""

from __future__ import annotations

from enum import IntEnum

from alembic_manage.sql.tokens import Token, TokenKind
from alembic_manage.sql.unreadable import Unreadable


class Tightness(IntEnum):
    """How tightly operators bind.

    Source: PostgreSQL 16 manual, 4.1.6 "Operator Precedence"; for what the databases have in common MariaDB's "Operator
    Precedence" and SQLite's "Operators, and Parse-Affecting Attributes" say the same.
    """

    OR = 1
    AND = 2
    NOT = 3
    IS = 4
    COMPARISON = 5
    PATTERN = 6
    OTHER = 7
    SUM = 8
    PRODUCT = 9
    POWER = 10
    SIGN = 11
    CAST = 12


_COMPARISONS = frozenset(("=", "<", ">", "<=", ">=", "<>", "==", "<=>"))
PATTERN_WORDS = frozenset(("LIKE", "ILIKE", "SIMILAR", "REGEXP", "RLIKE", "GLOB", "MATCH", "IN", "BETWEEN"))
"""What asks whether a value is like another, or among others."""
LIKE = {"~~": ("like", False), "!~~": ("like", True), "~~*": ("ilike", False), "!~~*": ("ilike", True)}
"""What PostgreSQL prints for LIKE and ILIKE, and whether it is negated."""
OPERATOR_CHARACTERS = frozenset("+-*/<>=~!@#%^&|?")
"""What operators are made of."""
_SPECIAL_CHARACTERS = frozenset("~!@#%^&|?")


def joined(tokens: list[Token]) -> list[Token]:
    """The tokens, with characters that make one operator together.

    Source: PostgreSQL 16 manual, 4.1.3 "Operators".
    """
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if last is not None and _continues(last, token):
            found[-1] = Token(TokenKind.SYMBOL, last.text + token.text, last.start, token.end)
        else:
            found.append(token)
    return found


def _continues(last: Token, token: Token) -> bool:
    if last.kind is not TokenKind.SYMBOL or token.kind is not TokenKind.SYMBOL or last.end != token.start:
        return False
    both = last.text + token.text
    if not set(both) <= OPERATOR_CHARACTERS:
        return False
    # Else `a*-1` would hold an operator `*-`.
    return token.text not in ("+", "-") or bool(set(both) & _SPECIAL_CHARACTERS)


def tightness_of(symbol: str) -> Tightness:
    """How tightly a symbol between two expressions binds.

    Raises:
        Unreadable: it is no operator.
    """
    if symbol in _COMPARISONS:
        return Tightness.COMPARISON
    if symbol in ("+", "-"):
        return Tightness.SUM
    if symbol in ("*", "/", "%"):
        return Tightness.PRODUCT
    if symbol == "^":
        return Tightness.POWER
    if symbol and set(symbol) <= OPERATOR_CHARACTERS:
        return Tightness.OTHER
    raise Unreadable(symbol)
