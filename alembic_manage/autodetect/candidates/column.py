"""Columns that may have been renamed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from alembic_manage.autodetect.candidates.definition import FOREIGN, changes, type_relation
from alembic_manage.autodetect.candidates.evidence import Side, evidence
from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.offer import Candidate, Offer
from alembic_manage.autodetect.candidates.path import path_of
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.schema import Schema, Table

THRESHOLD = 0.5
"""A pair that is less likely than this is not offered."""
CLOSE = 0.1
"""Another pair is offered beside the best one where it is less likely by no more than this."""


def column_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each column that may have been renamed, of tables that are in both schemas.

    A name may be gone and come at once: where a becomes b, and b becomes c, there are two offers.

    Args:
        before: the schema, with the renames of tables done.
        after: what the models say.
    """
    dialect = state_dialect(after, after.rules.names[0])
    pairs = [(table, after.tables[key]) for key, table in before.shown_tables.items() if key in after.tables]
    elsewhere = Counter(
        (old, new) for one, other in pairs for old in _missing(one, other) for new in _missing(other, one)
    )
    return [offer for one, other in pairs for offer in _of_table(before, one, after, other, dialect, elsewhere)]


def _missing(one: Table, other: Table) -> list[str]:
    """The columns of the one table that the other has not."""
    return [name for name in one.columns if name not in other.columns]


def _of_table(
    before: Schema, old: Table, after: Schema, new: Table, dialect: Any, elsewhere: Mapping[tuple[str, str], int]
) -> list[Offer]:
    strangers = _strangers(old, new, dialect)
    one = Side(before, old, [name for name in old.columns if name not in new.columns or name in strangers])
    other = Side(after, new, [name for name in new.columns if name not in old.columns or name in strangers])
    if not one.changed or not other.changed:
        return []
    scores = [[_score(one, each, other, name, dialect, elsewhere) for name in other.changed] for each in one.changed]
    gains = [[_gain(score) for score in row] for row in scores]
    offers = []
    for row, column in best_pairs(gains):
        if one.changed[row] != other.changed[column]:
            candidates = _candidates(one, row, other, column, scores, dialect)
            offers.append(Offer("column", path_of(old.key, one.changed[row]), candidates))
    return offers


def _strangers(old: Table, new: Table, dialect: Any) -> frozenset[str]:
    """Columns of both tables that share a name and nothing else: another column may have taken the name."""
    return frozenset(
        name
        for name, column in old.columns.items()
        if name in new.columns
        and (type_relation(column, new.columns[name], dialect) == FOREIGN or _refers_elsewhere(old, new, name))
    )


def _refers_elsewhere(old: Table, new: Table, name: str) -> bool:
    targets = [{key.referred for key in table.foreign_keys if name in key.columns} for table in (old, new)]
    return bool(targets[0] and targets[1] and not targets[0] & targets[1])


def _score(one: Side, old: str, other: Side, new: str, dialect: Any, elsewhere: Mapping[tuple[str, str], int]) -> float:
    return evidence(one, old, other, new, dialect, elsewhere.get((old, new), 1) - 1).score


def _gain(score: float) -> float:
    """What a pair is worth: nothing at the threshold."""
    return _odds(score) - _odds(THRESHOLD)


def _odds(score: float) -> float:
    bounded = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))


def _candidates(
    one: Side, row: int, other: Side, best: int, scores: Sequence[Sequence[float]], dialect: Any
) -> tuple[Candidate, ...]:
    """The best one, then those that are close to it."""
    least = max(THRESHOLD, scores[row][best] - CLOSE)
    close = [column for column in range(len(other.changed)) if column != best and scores[row][column] >= least]
    close.sort(key=lambda column: -scores[row][column])
    old = one.table.columns[one.changed[row]]
    return tuple(
        Candidate(
            path_of(other.table.key, other.changed[column]),
            scores[row][column],
            ", ".join(changes(old, other.table.columns[other.changed[column]], dialect)),
        )
        for column in (best, *close)
    )
