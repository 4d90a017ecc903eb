"""A checksum of what a revision file does: comments, formatting and docstrings do not count."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LEFT_OUT = frozenset(("ctx", "kind", "type_comment", "type_ignores"))
"""Fields that follow from others, or from the way of writing."""


def checksum_of(path: Path) -> str | None:
    """The checksum of a file as 64 hexadecimal digits; None where it cannot be read as Python."""
    try:
        return checksum_of_source(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
        return None


def checksum_of_source(source: str) -> str:
    """The checksum of a source, the same in every version of Python.

    Raises:
        SyntaxError: it is no Python.
    """
    return checksum_of_tree(ast.parse(source))


def checksum_of_tree(tree: ast.Module) -> str:
    """The checksum of a source that was read already."""
    words: list[str] = []
    _add_words(tree, words.append)
    words.append("")
    return hashlib.sha256("\x00".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _add_words(node: Any, add: Callable[[str], None]) -> None:
    """What a tree is made of, in order; written here because `ast.dump` differs between versions of Python."""
    if isinstance(node, ast.AST):
        add(f"({type(node).__name__}")
        for name in _fields(type(node)):
            value = getattr(node, name, None)
            # A field that a later version of Python has added is empty in older sources.
            if value is not None and value != []:
                add(name)
                _add_words(_counting(node, name, value) if name in _COUNTED else value, add)
        add(")")
    elif isinstance(node, list):
        for each in node:
            _add_words(each, add)
    else:
        add(repr(node))


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _LEFT_OUT)
    return found


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
"""Of each kind of node those that count, as far as they were asked for."""
_COUNTED = ("body", "values")
"""Fields of which a part may not count."""


def _counting(node: ast.AST, name: str, value: Any) -> Any:
    """The part of a field that counts: no docstring, and no empty text between the parts of an f-string, where some
    versions of Python put one.
    """
    documented = isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if documented and name == "body" and ast.get_docstring(node, clean=False):  # type: ignore[arg-type]
        return value[1:]
    if isinstance(node, ast.JoinedStr):
        return [each for each in value if not (isinstance(each, ast.Constant) and each.value == "")]
    return value
