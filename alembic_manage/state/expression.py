"""SQL expressions as text: which names they hold, and how a name in them is replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^']|'')*')
      |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[A-Za-z_][^\]]*\])
      |(?P<name>[A-Za-z_][\w$]*)
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def columns_in(expression: str, columns: Collection[str]) -> frozenset[str]:
    """Which of `columns` an expression names; without quotes in any spelling."""
    found = set()
    for kind, text in _tokens(expression):
        if kind == "quoted":
            found.add(_unquoted(text))
        elif kind == "name":
            same = [name for name in columns if name.lower() == text.lower()]
            found.update({text} if text in columns else {text.lower()} if text.lower() in columns else same)
    return frozenset(found) & frozenset(columns)


def with_renamed(expression: str, old: str, new: str, quoted: str) -> str:
    """The expression with each identifier `old` replaced by `new`, outside of string literals.

    Args:
        expression: the SQL.
        old: the name that was.
        new: the name that is; in the quotes in which the old one stood.
        quoted: the new name as it stands where the old one had no quotes.
    """
    parts = []
    for kind, text in _tokens(expression):
        if kind == "name" and text.lower() == old.lower():
            text = quoted
        elif kind == "quoted" and _unquoted(text) == old:
            text = f"{text[0]}{new}{text[-1]}"
        parts.append(text)
    return "".join(parts)


def with_literals(expression: str, changed: Mapping[str, str]) -> str:
    """The expression with string literals replaced by others."""
    quoted = {f"'{_doubled(old)}'": f"'{_doubled(new)}'" for old, new in changed.items()}
    return "".join(quoted.get(text, text) if kind == "string" else text for kind, text in _tokens(expression))


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(expression):
        yield str(match.lastgroup), match[0]


def _unquoted(text: str) -> str:
    return text[1:-1] if text[0] in '"`[' else text
