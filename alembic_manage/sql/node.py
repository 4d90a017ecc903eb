"""The nodes of a tree of SQL, in the one form that says a thing: what means the same is the same node."""

from __future__ import annotations

from typing import Any, TypeAlias

Node: TypeAlias = tuple[Any, ...]

# Only these: a comparison with NULL is NULL either way.
_OPPOSITES = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMERIC = ("integer", "smallint", "bigint", "numeric", "real", "double precision")


def signed(sign: str, node: Node) -> Node:
    """A node behind a sign; of a number the sign is a part."""
    if sign == "+":
        return node
    if node[0] == "number":
        return "number", node[1].removeprefix("-") if node[1].startswith("-") else f"-{node[1]}"
    return "unary", "-", node


def negated(node: Node) -> Node:
    """NOT, as far inside as it goes; twice it is nothing."""
    if node[0] == "not":
        return node[1]  # type: ignore[no-any-return]
    if node[0] == "operator" and node[1] in _OPPOSITES:
        return "operator", _OPPOSITES[node[1]], *node[2:]
    if node[0] in ("and", "or"):
        return "or" if node[0] == "and" else "and", *(negated(part) for part in node[1:])
    return "not", node


def junction(word: str, left: Node, right: Node) -> Node:
    """AND and OR of any number of parts: how they were grouped says nothing."""
    parts: list[Any] = []
    for each in (left, right):
        parts += each[1:] if each[0] == word else [each]
    return word, *parts


def is_one_of(left: Node, items: list[Node]) -> Node:
    """IN, which servers print as equalities where an item is no constant, or where there is only one."""
    equalities = [("operator", "=", left, item) for item in items]
    return equalities[0] if len(equalities) == 1 else ("or", *equalities)


def cast_of(node: Node, name: str, *, may_be_added: bool) -> Node:
    """A cast; of a number in quotes to a numeric type that number.

    Args:
        node: what is cast.
        name: of the type.
        may_be_added: whether a server may have added it by itself.
    """
    if may_be_added and node[0] == "string" and name in _NUMERIC and _is_number(node[1]):
        return "number", node[1]
    return "cast", node, name, may_be_added


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def without_casts(node: Node) -> Node:
    """What is cast."""
    while node[0] == "cast":
        node = node[1]
    return node
