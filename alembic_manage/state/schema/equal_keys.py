"""Keys of one CREATE TABLE that a database makes one of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from alembic_manage.dialects import Dialect
from alembic_manage.state.objects import Constraint, PrimaryKey, Unique


def merged_keys(constraints: Iterable[Constraint], rules: Dialect) -> list[Constraint]:
    """The constraints of a new table, of equal keys only the first; it takes the other's name if it has none.

    Source: PostgreSQL 16, transformIndexConstraints (src/backend/parser/parse_utilcmd.c); SQLite 3.40,
    sqlite3CreateIndex (src/build.c), "If there is already an index on exactly those columns".
    """
    if not rules.merges_equal_keys:
        return list(constraints)
    merged: list[Constraint] = []
    for each in sorted(constraints, key=lambda each: not isinstance(each, PrimaryKey)):
        place = next((place for place, prior in enumerate(merged) if _are_equal(prior, each, rules)), None)
        if place is None:
            merged.append(each)
        elif merged[place].name is None and rules.names_constraints:
            merged[place] = replace(merged[place], name=each.name)
    return merged


def _are_equal(one: Constraint, other: Constraint, rules: Dialect) -> bool:
    if not isinstance(other, Unique) or not isinstance(one, PrimaryKey | Unique) or one.columns != other.columns:
        return False
    if isinstance(one, PrimaryKey):
        # SQLite's primary key has no name that UNIQUE could be told apart from.
        return rules.names_constraints and not other.deferrable and one.options == other.options
    return (one.deferrable, one.initially, one.options) == (other.deferrable, other.initially, other.options)
