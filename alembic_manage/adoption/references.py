"""The tables that the foreign keys of a revision refer to, and all other words that its source has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class References:
    """What one source says."""

    tables: frozenset[str]
    """The tables that foreign keys refer to, each as it is written: "users", "auth.users"."""
    words: frozenset[str]
    """The words in all other strings but docstrings, raw SQL among them."""

    def unknown(self, words: frozenset[str]) -> frozenset[str]:
        """The tables of which neither this source nor `words` know more than a foreign key does."""
        known = self.words | words
        return frozenset(table for table in self.tables if table.rpartition(".")[2] not in known)


def references_in(source: str) -> References:
    """What a source says; nothing where it cannot be read, or makes the tables of all models."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return References(frozenset(), frozenset())
    found = dict(pair for node in ast.walk(tree) if isinstance(node, ast.Call) for pair in _referred(node))
    passed = {*found, *_docstrings(tree)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    words = frozenset(word for node in strings if node not in passed for word in _WORD.findall(str(node.value)))
    return References(frozenset() if "create_all" in source else frozenset(found.values()), words)


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _referred(call: ast.Call) -> Iterator[tuple[ast.Constant, str]]:
    """The strings of a call that name what a foreign key refers to, each with its table."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "ForeignKey":
        yield from _tables(_argument(call, 0, "column"))
    elif name == "ForeignKeyConstraint":
        targets = _argument(call, 1, "refcolumns")
        for each in targets.elts if isinstance(targets, ast.List | ast.Tuple) else ():
            yield from _tables(each)
    elif name == "create_foreign_key":
        in_batch = getattr(getattr(call.func, "value", None), "id", "op") != "op"
        node = _argument(call, 1 if in_batch else 2, "referent_table")
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    if position < len(call.args):
        return call.args[position]
    return next((each.value for each in call.keywords if each.arg == keyword), None)


def _tables(node: ast.expr | None) -> Iterator[tuple[ast.Constant, str]]:
    """The table of "table.column"."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
        yield node, node.value.rpartition(".")[0]
