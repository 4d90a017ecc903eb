"""The values that a CHECK allows: an enum on databases, or in models, that have no type for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alembic_manage.dialects import Dialect
from alembic_manage.sql.expression import tree_of
from alembic_manage.sql.node import Node


@dataclass(frozen=True)
class AllowedLabels:
    """A column, and the texts that it may hold."""

    column: str
    labels: tuple[str, ...]
    """In the order in which the CHECK has them."""


def labels_allowed(
    check: str, rules: Dialect, table: str | None = None, columns: Iterable[str] = ()
) -> AllowedLabels | None:
    """What `column IN ('a', 'b')` allows; None where a CHECK says something else.

    Args:
        check: its SQL.
        rules: of the database that it is written for.
        table: the table that it belongs to.
        columns: the names of the table's columns. A database that ignores case may have another spelling in the CHECK.
    """
    tree = tree_of(check, rules, table)
    # An IN list is read as what it stands for: equalities, one of which must hold.
    equalities = [_equality(part) for part in (tree[1:] if tree[0] == "or" else (tree,))]
    names = {each[0] for each in equalities if each is not None}
    if None in equalities or len(names) != 1:
        return None
    name = names.pop()
    own = name if not rules.ignores_case else next((each for each in columns if each.lower() == name), name)
    return AllowedLabels(own, tuple(each[1] for each in equalities if each is not None))


def _equality(node: Node) -> tuple[str, str] | None:
    """The column and the text that it is compared with."""
    if node[:2] != ("operator", "="):
        return None
    column, label = (_without_cast(part) for part in node[2:])
    return (column[-1], label[1]) if column[0] == "name" and label[0] == "string" else None


def _without_cast(node: Node) -> Node:
    return _without_cast(node[1]) if node[0] == "cast" else node
