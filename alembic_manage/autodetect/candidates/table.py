"""Tables that may have been renamed, or moved to another schema."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alembic_manage.autodetect.candidates.definition import FOREIGN, SAME, type_relation
from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.name_similarity import similarity
from alembic_manage.autodetect.candidates.offer import Candidate, Offer
from alembic_manage.autodetect.candidates.path import path_of
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema, Table

THRESHOLD = 0.5
CLOSE = 0.1


@dataclass(frozen=True)
class Tables:
    """What is known of both schemas when two tables are compared."""

    before: Schema
    after: Schema
    dialect: Any
    commonness: Mapping[str, int]
    """In how many tables, of both schemas, there is a column of a name."""

    def weight(self, column: str) -> float:
        """How much a column tells about its table: little where most tables have one of the name."""
        return 1 / math.sqrt(self.commonness.get(column, 1))


def table_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each table that may have been renamed or moved to another schema.

    Args:
        before: the schema that is.
        after: what the models say.
    """
    old = [table for key, table in before.shown_tables.items() if key not in after.tables]
    new = [table for key, table in after.shown_tables.items() if key not in before.tables]
    if not old or not new:
        return []
    names = Counter(
        name for schema in (before, after) for table in schema.shown_tables.values() for name in table.columns
    )
    tables = Tables(before, after, state_dialect(after, after.rules.names[0]), names)
    scores = [[_score(tables, one, other) for other in new] for one in old]
    pairs = best_pairs([[score - THRESHOLD for score in row] for row in scores])
    return [
        Offer("table", path_of(old[row].key), _candidates(old[row], new, column, scores[row], tables))
        for row, column in pairs
    ]


def _candidates(
    old: Table, new: Sequence[Table], best: int, scores: Sequence[float], tables: Tables
) -> tuple[Candidate, ...]:
    least = max(THRESHOLD, scores[best] - CLOSE)
    close = sorted(
        (place for place in range(len(new)) if place != best and scores[place] >= least),
        key=lambda place: -scores[place],
    )
    return tuple(Candidate(path_of(new[place].key), scores[place], _also(old, new[place])) for place in (best, *close))


def _also(old: Table, new: Table) -> str:
    """What else changes, as far as it can be said in a few words."""
    gone = [name for name in old.columns if name not in new.columns]
    come = [name for name in new.columns if name not in old.columns]
    phrases = []
    if gone:
        phrases.append(f"without {', '.join(gone)}")
    if come:
        phrases.append(f"with {', '.join(come)}")
    return "; ".join(phrases)


def _score(tables: Tables, old: Table, new: Table) -> float:
    """How likely the one table became the other, from 0 to 1."""
    shared = _shared(tables, old, new)
    names = similarity(old.key.name, new.key.name)
    referrers = _referrers(tables, old.key, new.key)
    return 1 / (1 + math.exp(-(-6.0 + 8.0 * shared + 3.0 * names + 2.0 * referrers)))


def _shared(tables: Tables, old: Table, new: Table) -> float:
    """Which part of both tables' columns is the same on the other side, columns that few tables have counting more."""
    total = sum(tables.weight(name) for table in (old, new) for name in table.columns)
    same = sum(
        2 * tables.weight(name) * (1.0 if relation == SAME else 0.7)
        for name in old.columns
        if name in new.columns
        and (relation := type_relation(old.columns[name], new.columns[name], tables.dialect)) != FOREIGN
    )
    return same / total if total else 0.0


def _referrers(tables: Tables, old: Key, new: Key) -> float:
    """Which part of the foreign keys to the old table now refer to the new one; 0 where there were none."""
    were = _references(tables.before, old)
    are = _references(tables.after, new)
    return len(were & are) / len(were | are) if were and are else 0.0


def _references(schema: Schema, key: Key) -> set[tuple[Key, tuple[str, ...]]]:
    return {
        (table.key, each.columns)
        for table in schema.shown_tables.values()
        for each in table.foreign_keys
        if each.referred == key and table.key != key
    }
