"""What an SQL expression says, apart from its spelling: two texts of one meaning give the same tree.

A server prints what it has understood: with parentheses, casts and operators of its own. The tree has none of them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import tokens_of
from alembic_manage.sql.tree import read_tree
from alembic_manage.sql.unreadable import Unreadable

Node: TypeAlias = tuple[Any, ...]


def tree_of(text: str, rules: Dialect, table: str | None = None) -> Node:
    """The expression as nested tuples; where it is not understood, its tokens.

    Args:
        text: the SQL.
        rules: of the database that it is written for.
        table: the table whose columns it names; its name before them says nothing.
    """
    try:
        return read_tree(text, rules, table)
    except Unreadable:
        return "tokens", *(token.text for token in tokens_of(text, rules))


def is_same_tree(one: Any, other: Any) -> bool:
    """Whether two trees say the same, where a cast that a server may have added counts for nothing.

    Servers print the types that they gave to literals, and those that operators made of columns: `'x'::text`,
    `name::text`. Other casts, and CAST, are a person's, and count.
    """
    if one == other:
        return True
    if _is_cast(one) and _is_cast(other) and one[2] == other[2]:
        return is_same_tree(one[1], other[1])
    if _is_cast(one) and one[3]:
        return is_same_tree(one[1], other)
    if _is_cast(other) and other[3]:
        return is_same_tree(one, other[1])
    if not isinstance(one, tuple) or not isinstance(other, tuple) or len(one) != len(other):
        return False
    return all(is_same_tree(mine, its) for mine, its in zip(one, other, strict=True))


def _is_cast(node: Any) -> bool:
    return isinstance(node, tuple) and len(node) == 4 and node[0] == "cast"
