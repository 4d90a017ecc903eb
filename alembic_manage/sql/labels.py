"""The values that a CHECK allows: an enum on databases, or in models, that have no type for it."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.dialects import Dialect
from alembic_manage.sql.expression import tree_of
from alembic_manage.sql.tree import Node


@dataclass(frozen=True)
class AllowedLabels:
    """A column, and the texts that it may hold."""

    column: str
    labels: tuple[str, ...]
    """In the order in which the CHECK has them."""


def labels_allowed(check: str, rules: Dialect, table: str | None = None) -> AllowedLabels | None:
    """What `column IN ('a', 'b')` allows; None where a CHECK says something else.

    Args:
        check: its SQL.
        rules: of the database that it is written for.
        table: the table that it belongs to.
    """
    kind, *parts = tree_of(check, rules, table)
    if kind == "operator" and parts[0] == "=":
        parts = parts[1:]
    elif kind != "in":
        return None
    column, *labels = (_without_cast(part) for part in parts)
    if column[0] != "name" or not labels or any(label[0] != "string" for label in labels):
        return None
    return AllowedLabels(column[-1], tuple(label[1] for label in labels))


def _without_cast(node: Node) -> Node:
    return _without_cast(node[1]) if node[0] == "cast" else node
