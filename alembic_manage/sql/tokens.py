"""SQL text as tokens, by the lexical rules of one database. Knows no statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from alembic_manage.dialects import Dialect

ANY_DATABASE = Dialect(names=(), title="any database")
"""Lexical rules for text of which the database is not known."""


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    """A keyword or a name without quotes."""
    NAME = "name"
    """A name in quotes."""
    STRING = "string"
    NUMBER = "number"
    BODY = "body"
    """A text between dollar quotes."""
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it stands."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """What the grammar sees: a word in upper case, a symbol; empty for what is never a keyword."""
        return self.text.upper() if self.kind in (TokenKind.WORD, TokenKind.SYMBOL) else ""

    @property
    def value(self) -> str:
        """The content of a string, a name or a body, without its quotes."""
        if self.kind is TokenKind.BODY:
            tag = self.text[: self.text.index("$", 1) + 1]
            return self.text[len(tag) : -len(tag)]
        if self.kind is TokenKind.STRING:
            return _string_value(self.text)
        if self.kind is TokenKind.NAME:
            close = self.text[-1]
            return self.text[1:-1].replace(close * 2, close)
        return self.text


def tokens_of(sql: str, rules: Dialect = ANY_DATABASE) -> Iterator[Token]:
    """The tokens of a text, without blanks and comments; what `/*!` comments hold counts as code."""
    kinds = {kind.value: kind for kind in TokenKind}
    pattern = _pattern(rules.identifier_quotes, rules.escapes_with_backslash, rules.hash_is_comment)
    for match in pattern.finditer(sql):
        if match.lastgroup != "blank":
            yield Token(kinds[str(match.lastgroup)], match[0], match.start(), match.end())


_BLANK = r"\s+|--[^\n]*|/\*(?!!|M!).*?(?:\*/|\Z)|/\*M?!\d*|\*/"
_QUOTES = {'"': r'"(?:[^"]|"")*"', "`": r"`(?:[^`]|``)*`", "[": r"\[[^\]]*\]"}
_PLAIN = r"'(?:[^']|'')*'"
_ESCAPED = r"'(?:[^'\\]|\\.|'')*'"
_BODY = r"\$(?P<tag>[A-Za-z_]*\w*)\$.*?\$(?P=tag)\$"
_NUMBER = r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+"
_WORD = r"[^\W\d][\w$]*"
_SYMBOL = r"::|:=|<=|>=|<>|!=|\|\||->>|->|."


@cache
def _pattern(quotes: str, backslash: bool, hash_is_comment: bool) -> re.Pattern[str]:
    strings = [rf"[eE]{_ESCAPED}", rf"(?:[bBxXnN]|[uU]&)?{_ESCAPED if backslash else _PLAIN}"]
    if '"' not in quotes:
        strings.append(_ESCAPED.replace("'", '"'))
    groups = {
        "blank": _BLANK + (r"|\#[^\n]*" if hash_is_comment else ""),
        "string": "|".join(strings),
        "name": "|".join(_QUOTES[quote] for quote in quotes),
        "body": _BODY,
        "number": _NUMBER,
        "word": _WORD,
        "symbol": _SYMBOL,
    }
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()), re.DOTALL)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b"}


def _string_value(text: str) -> str:
    quote = text[-1]
    inner = text[text.index(quote) + 1 : -1].replace(quote * 2, quote)
    if text[0] in 'eE"':
        return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inner, flags=re.DOTALL)
    return inner
