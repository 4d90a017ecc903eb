"""What speaks for and against a column having become another one, as numbers."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alembic_manage.autodetect.candidates.definition import type_relation
from alembic_manage.autodetect.candidates.name_similarity import similarity
from alembic_manage.autodetect.candidates.usage import Usage, usage
from alembic_manage.state.objects import Column
from alembic_manage.state.schema import Schema, Table

WEIGHTS: Mapping[str, float] = {
    "start": -3.0,
    "type same": 1.0,
    "type size": 0.5,
    "type related": -1.0,
    "type foreign": -5.0,
    "name": 6.0,
    "target same": 1.5,
    "target other": -3.0,
    "target one-sided": -1.0,
    "shared usage": 2.5,
    "own usage": 1.0,
    "own usage differs": -0.5,
    "default same": 0.7,
    "default differs": -0.5,
    "nullable differs": -0.5,
    "comment same": 2.0,
    "place same": 1.0,
    "pairs": -0.5,
    "rival": -2.0,
    "elsewhere": 1.0,
}
"""What each fact adds to the logarithm of the odds; fitted to renames and removals of public projects, and rounded."""


@dataclass(frozen=True)
class Side:
    """A table before or after, and which of its columns have no namesake on the other side."""

    schema: Schema
    table: Table
    changed: Sequence[str]
    """The columns that are looked at, in the table's order."""

    @cached_property
    def usages(self) -> Mapping[str, Usage]:
        """By column."""
        return {name: usage(self.schema, self.table, name, self.changed) for name in self.changed}

    @cached_property
    def places(self) -> Mapping[str, tuple[str | None, str | None]]:
        """The nearest columns before and after each one that are not looked at."""
        order = list(self.table.columns)
        return {
            name: (
                _first_kept(reversed(order[: order.index(name)]), self.changed),
                _first_kept(order[order.index(name) + 1 :], self.changed),
            )
            for name in self.changed
        }


def _first_kept(names: Any, changed: Collection[str]) -> str | None:
    return next((name for name in names if name not in changed), None)


@dataclass(frozen=True)
class Evidence:
    """What is known of one pair of columns."""

    facts: Mapping[str, float]

    @property
    def score(self) -> float:
        """How likely the one became the other, from 0 to 1."""
        return 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in self.facts.items())))


def evidence(before: Side, old: str, after: Side, new: str, dialect: Any, elsewhere: int = 0) -> Evidence:
    """What speaks for and against `old` having become `new`.

    Args:
        before: the table as it was.
        old: one of its columns.
        after: the table as it is.
        new: one of its columns.
        dialect: SQLAlchemy's.
        elsewhere: in how many other tables a column of the one name is gone, and one of the other has come.
    """
    one, other = before.table.columns[old], after.table.columns[new]
    name = before.table.key.name
    facts = {
        "start": 1.0,
        f"type {type_relation(one, other, dialect)}": 1.0,
        "name": similarity(old, new, name),
        "place same": float(before.places[old] == after.places[new]),
        "pairs": math.log(len(before.changed) * len(after.changed)),
        "rival": _rival(before, old, after, new),
        "elsewhere": float(min(elsewhere, 2)),
        **_of_definitions(one, other),
        **_of_usages(before.usages[old], after.usages[new]),
    }
    return Evidence(facts)


def _rival(before: Side, old: str, after: Side, new: str) -> float:
    """By how much another pair with one of the two has the more similar names."""
    own = similarity(old, new, before.table.key.name)
    others = [similarity(old, each, before.table.key.name) for each in after.changed if each != new]
    others += [similarity(each, new, before.table.key.name) for each in before.changed if each != old]
    return max(0.0, max(others, default=0.0) - own)


def _of_definitions(old: Column, new: Column) -> dict[str, float]:
    both = old.default is not None and new.default is not None
    return {
        "default same": float(both and old.default == new.default),
        "default differs": float(old.default != new.default),
        "nullable differs": float(old.nullable != new.nullable),
        "comment same": float(bool(old.comment) and old.comment == new.comment),
    }


def _of_usages(old: Usage, new: Usage) -> dict[str, float]:
    common = old.targets & new.targets
    return {
        "target same": float(bool(common)),
        "target other": float(bool(old.targets and new.targets and not common)),
        "target one-sided": float(bool(old.targets) != bool(new.targets)),
        "shared usage": float(min(2, (old.shared & new.shared).total())),
        "own usage": float(bool(old.own & new.own)),
        "own usage differs": float(old.own != new.own),
    }
