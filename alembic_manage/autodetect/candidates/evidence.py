"""What speaks for and against a column having become another one, as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alembic_manage.autodetect.candidates.definition import FOREIGN, RELATED, SAME, type_relation
from alembic_manage.autodetect.candidates.likelihood import likelihood
from alembic_manage.autodetect.candidates.name_similarity import is_key, similarity
from alembic_manage.autodetect.candidates.place import Places
from alembic_manage.autodetect.candidates.substitution import Substitutions
from alembic_manage.autodetect.candidates.usage import ONLY_KEY, Usage, usage
from alembic_manage.state.objects import Column
from alembic_manage.state.schema import Schema, Table

WEIGHTS: Mapping[str, float] = {
    "start": -2.6,
    "type same": 1.8,
    "type size": 1.1,
    "type related": -1.6,
    "type foreign": -4.0,
    "name": 3.6,
    "name alike": 0.7,
    "name in step": -1.2,
    "in step": 3.3,
    "in step at the end": -2.2,
    "aligned": 1.6,
    "moved": -1.2,
    "moved to the end": -1.2,
    "divided": -2.0,
    "joined": -0.8,
    "exchanged": 1.0,
    "chained": 2.0,
    "only one": 0.9,
    "numbers differ": -1.5,
    "pairs": -0.6,
    "rival": -3.2,
    "substituted elsewhere": 1.5,
    "shared usage": 2.0,
    "own usage": 1.0,
    "only key": 1.0,
    "target same": 0.7,
    "target replaced": -0.5,
    "target other": -3.5,
    "target one-sided": -0.9,
    "becomes reference": -2.0,
    "default same": 1.8,
    "default differs": -1.0,
    "nullable differs": -0.2,
    "comment same": 2.0,
}
"""What each fact adds to the logarithm of the odds; fitted to renames and removals of public projects, and rounded."""

_ALIKE = 0.8
"""Names as alike as this are the same but for a detail."""
_TELLING = 0.45
"""Names less alike than this are alike by chance."""
_KEPT = 0.6
"""How much a name that was kept counts where the rest of the definition is another one."""
_TIE = 0.05
"""Pairs of names whose likeness differs by no more are equally alike: one column became several, or none of them."""


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


@dataclass(frozen=True)
class Comparison:
    """A table before and after, whose columns are compared pair by pair."""

    before: Side
    after: Side
    dialect: Any
    """SQLAlchemy's, which writes the types."""
    substitutions: Substitutions
    """Those of all tables."""

    def score(self, old: str, new: str) -> float:
        """How likely the one column became the other, from 0 to 1."""
        return likelihood(sum(WEIGHTS[name] * value for name, value in self.facts(old, new).items()))

    def facts(self, old: str, new: str) -> Mapping[str, float]:
        """What speaks for and against `old` having become `new`; those of WEIGHTS."""
        one, other = self.before.table.columns[old], self.after.table.columns[new]
        return {
            "start": 1.0,
            f"type {self._relation(old, new)}": 1.0,
            **self._of_names(old, new),
            **self._of_places(old, new),
            **_of_definitions(one, other),
            **self._of_usages(self.before.usages[old], self.after.usages[new]),
            "becomes reference": float(is_key(old) != is_key(new) and self._relation(old, new) in (RELATED, FOREIGN)),
        }

    def _of_names(self, old: str, new: str) -> dict[str, float]:
        gone, come = self.before.changed, self.after.changed
        own = self._likeness(old, new)
        successors = [self._likeness(old, each) for each in come if each not in (old, new)]
        predecessors = [self._likeness(each, new) for each in gone if each not in (old, new)]
        divided = _ties(own, successors) - _ties(own, predecessors)
        # In the place of the old one it may well be the one of several.
        doubt = 1 - 0.8 * self._places.in_step(old, new)
        return {
            "name": own,
            "name alike": float(own >= _ALIKE),
            # By how much another pair with one of the two has the more similar names.
            "rival": max(0.0, max((*successors, *predecessors), default=0.0) - own),
            # One column became several, or several became one; where as many are gone as have come, each has its own.
            "divided": doubt * min(2, max(0, divided)),
            "joined": doubt * min(2, max(0, -divided)),
            "exchanged": float(old != new and old in come and new in gone),
            "chained": self._chained(old, new),
            "only one": float(len(gone) == len(come) == 1),
            # address_1 and address_2 are two things.
            "numbers differ": float(_numbers(old) != _numbers(new) and bool(_numbers(old) and _numbers(new))),
            "pairs": min(2.5, math.log(len(gone) * len(come))),
            "substituted elsewhere": float(min(2, self.substitutions.others(old, new))),
        }

    def _chained(self, old: str, new: str) -> float:
        """Whether both are links of a chain: each name that is on both sides finds its type under another name.

        What speaks against is that such a name stayed and got a type of another kind; twice as much where no value
        could be converted.
        """
        if old == new or not self._are_same(old, new):
            return 0.0
        names = [name for name in (old, new) if name in self.before.changed and name in self.after.changed]
        if not names or not all(self._has_moved_on(name) for name in names):
            return 0.0
        return max(2.0 if self._relation(name, name) == FOREIGN else 1.0 for name in names)

    def _has_moved_on(self, name: str) -> bool:
        """Whether the column of this name may have got another name, and the name to another column."""
        return any(each != name and self._are_same(name, each) for each in self.after.changed) and any(
            each != name and self._are_same(each, name) for each in self.before.changed
        )

    def _are_same(self, old: str, new: str) -> bool:
        return self._relation(old, new) == SAME

    def _relation(self, old: str, new: str) -> str:
        return type_relation(self.before.table.columns[old], self.after.table.columns[new], self.dialect)

    def _likeness(self, old: str, new: str) -> float:
        # A name that was kept says less: it is looked at because all else differs.
        return _KEPT if old == new else similarity(old, new, self.before.table.key.name)

    @cached_property
    def _places(self) -> Places:
        before, after = self.before, self.after
        return Places(list(before.table.columns), before.changed, list(after.table.columns), after.changed)

    def _of_places(self, old: str, new: str) -> dict[str, float]:
        place = self._places.relation(old, new)
        in_step = self._places.in_step(old, new)
        return {
            "in step": in_step,
            "in step at the end": in_step * (place == "end"),
            "aligned": in_step * self._is_aligned(old, new),
            "moved": float(place in ("moved", "moved to the end") or (place == "end" and not in_step)),
            # Who renames leaves the line where it is; a new column is written, and added, as the last.
            "moved to the end": float(place == "moved to the end"),
            # What stands in the place of another is its successor also where the names have less in common.
            "name in step": self._likeness(old, new) * in_step,
        }

    def _is_aligned(self, old: str, new: str) -> bool:
        """Whether the gap that both stand in has as many new names as old ones, of the same types in the same order.

        Of more than one type: a new name each, as where a model is translated, and not others by chance.
        """
        gone = [name for name in self.before.changed if self._places.share_gap(old, name)]
        come = [name for name in self.after.changed if self._places.share_new_gap(new, name)]
        if len(gone) != len(come) or not all(map(self._are_same, gone, come)):
            return False
        return any(self._type_differs(gone[0], name) for name in gone[1:])

    def _type_differs(self, one: str, other: str) -> bool:
        columns = self.before.table.columns
        return type_relation(columns[one], columns[other], self.dialect) in (RELATED, FOREIGN)

    def _of_usages(self, old: Usage, new: Usage) -> dict[str, float]:
        is_other = bool(old.named_targets and new.named_targets and not old.named_targets & new.named_targets)
        # A table that was replaced by another one says nothing about the column that refers to it. Where the old one
        # stays, or the new one was there already, the values are keys of other rows.
        is_replaced = not (
            old.named_targets & self.after.schema.tables.keys() or new.named_targets & self.before.schema.tables.keys()
        )
        return {
            "target same": float(bool(old.targets & new.targets)),
            "target replaced": float(is_other and is_replaced),
            "target other": float(is_other and not is_replaced),
            "target one-sided": float(bool(old.targets) != bool(new.targets)),
            "shared usage": float(min(2, (old.shared & new.shared).total())),
            "own usage": float(bool(old.own & new.own)),
            # Of indexes there are many, and of primary keys one: its values tell the rows apart.
            "only key": float(ONLY_KEY in old.own and ONLY_KEY in new.own),
        }


def _ties(own: float, others: Sequence[float]) -> int:
    """How many names are as alike as the two that are looked at; 0 where these are alike by chance."""
    return sum(each >= own - _TIE for each in others) if own >= _TELLING else 0


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _of_definitions(old: Column, new: Column) -> dict[str, float]:
    both = old.default is not None and new.default is not None
    return {
        "default same": float(both and old.default == new.default),
        "default differs": float(old.default != new.default),
        "nullable differs": float(old.nullable != new.nullable),
        "comment same": float(bool(old.comment) and old.comment == new.comment),
    }
