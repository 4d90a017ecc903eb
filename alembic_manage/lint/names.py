"""Names in the text of a statement that changes no schema."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.lint.statement import Statement
from alembic_manage.sql.tokens import Token, TokenKind
from alembic_manage.state.objects import Key

_BETWEEN = ("IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY")


def key_after(statement: Statement, *words: str) -> Key | None:
    """The object that is named behind some words, one after another; None where the text has none.

    Args:
        statement: where to look.
        words: as `Statement.words` has them: "ATTACH", "PARTITION".
    """
    place = _end_of(statement.words, words)
    if place is None:
        return None
    rest = list(statement.tokens[place:])
    while rest and rest[0].keyword in _BETWEEN:
        rest.pop(0)
    parts: list[str] = []
    while rest and rest[0].kind in (TokenKind.WORD, TokenKind.NAME):
        parts.append(_name(rest.pop(0)))
        if not rest or rest.pop(0).keyword != ".":
            break
    if not parts:
        return None
    return statement.before.key(parts[-2] if len(parts) > 1 else None, parts[-1])


def strings(statement: Statement) -> frozenset[str]:
    """The texts in quotes of a statement."""
    return frozenset(token.value for token in statement.tokens if token.kind is TokenKind.STRING)


def _name(token: Token) -> str:
    return token.value.lower() if token.kind is TokenKind.WORD else token.value


def _end_of(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    """The place behind the first time that `wanted` stands in `words`."""
    size = len(wanted)
    for place in range(len(words) - size + 1):
        if tuple(words[place : place + size]) == tuple(wanted):
            return place + size
    return None
