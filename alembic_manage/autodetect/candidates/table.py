"""Tables that may have been renamed, or moved to another schema."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alembic_manage.autodetect.candidates.definition import RELATED, SAME, SIZE, type_relation
from alembic_manage.autodetect.candidates.likelihood import close_to, likelihood, odds
from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.name_similarity import similarity, words
from alembic_manage.autodetect.candidates.offer import Candidate, Offer
from alembic_manage.autodetect.candidates.path import path_of
from alembic_manage.autodetect.candidates.references import references
from alembic_manage.autodetect.candidates.strangers import strangers
from alembic_manage.autodetect.candidates.substitution import Substitutions
from alembic_manage.autodetect.candidates.twins import Twins
from alembic_manage.autodetect.candidates.vocabulary import USUAL_COLUMNS
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.objects import Column, Key
from alembic_manage.state.schema import Schema, Table

_TIE = 0.5
"""Odds, as logarithms, that differ by less are the same."""
_TAKEN = 0.5
"""A column as alike as this is the one that another became, and no third."""
_USUAL = 0.3
"""What a column counts that is in many tables of any project."""
_KEPT = 0.6
"""How much a name that was kept counts where the rest of the table is another one."""


@dataclass(frozen=True)
class Tables:
    """What is known of both schemas when two tables are compared."""

    before: Schema
    after: Schema
    dialect: Any
    substitutions: Substitutions
    """Those of the names of tables that are gone or have come."""
    is_only_one: bool
    """Whether one is gone and one has come, and no more."""
    twins: Twins
    """Those of the tables that are gone with those that have come."""
    commonness: Mapping[str, int]
    """In how many tables, of both schemas, there is a column of a name."""

    def weight(self, column: str) -> float:
        """How much a column tells about its table: little where most tables have one of the name."""
        usual = _USUAL if column.lower() in USUAL_COLUMNS else 1.0
        return usual / math.sqrt(self.commonness.get(column, 1))


def table_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each table that may have been renamed or moved to another schema.

    A name may be gone and come at once: where two tables swap their names, or a new table takes the name of one that
    got another.

    Args:
        before: the schema that is.
        after: what the models say.
    """
    both = strangers(before, after)
    old = [table for key, table in before.shown_tables.items() if key not in after.tables or key in both]
    new = [table for key, table in after.shown_tables.items() if key not in before.tables or key in both]
    if not old or not new:
        return []
    names = Counter(
        name for schema in (before, after) for table in schema.shown_tables.values() for name in table.columns
    )
    pairs_of_names = Substitutions(
        ("", one.key.name, other.key.name) for one in old for other in new if one.key != other.key
    )
    dialect = state_dialect(after, after.rules.names[0])
    is_only_one, twins = len(old) == len(new) == 1 + len(both), Twins(old, new, dialect)
    tables = Tables(before, after, dialect, pairs_of_names, is_only_one, twins, names)
    found = [[sum(_odds(tables, one, other)) for other in new] for one in old]
    scores = [
        [likelihood(found[row][column] - _ties(found, row, column)) for column in range(len(new))]
        for row in range(len(old))
    ]
    pairs = best_pairs([[odds(score) for score in row] for row in scores])
    return [
        Offer(
            "table",
            path_of(old[row].key),
            tuple(
                Candidate(path_of(new[each].key), scores[row][each], _also(old[row], new[each]))
                for each in close_to(column, row, scores, pairs)
                if new[each].key != old[row].key
            ),
        )
        for row, column in pairs
        if new[column].key != old[row].key
    ]


def _ties(found: Sequence[Sequence[float]], row: int, column: int) -> float:
    """How much it speaks against a pair that others are as likely: one table became several, or is like many."""
    rivals = [(row, place) for place in range(len(found[row])) if place != column and not _is_owned(found, row, place)]
    rivals += [(place, column) for place in range(len(found)) if place != row and not _is_owner(found, place, column)]
    return 0.8 * min(3, sum(abs(found[one][other] - found[row][column]) < _TIE for one, other in rivals))


def _is_owned(found: Sequence[Sequence[float]], row: int, column: int) -> bool:
    """Whether another old table is likelier to have become the new one of `column`: then it is no rival."""
    return max(each[column] for each in found) > found[row][column]


def _is_owner(found: Sequence[Sequence[float]], row: int, column: int) -> bool:
    """Whether the old table of `row` is likelier to have become another new one."""
    return max(found[row]) > found[row][column]


def _also(old: Table, new: Table) -> str:
    """What else changes: the columns that only one of the tables has."""
    gone = [name for name in old.columns if name not in new.columns]
    come = [name for name in new.columns if name not in old.columns]
    phrases = [f"without {', '.join(gone)}"] if gone else []
    return "; ".join([*phrases, f"with {', '.join(come)}"] if come else phrases)


def _odds(tables: Tables, old: Table, new: Table) -> tuple[float, ...]:
    """What speaks for and against the one table having become the other."""
    alike = _alike(tables, old, new)
    total = _mass(tables, old), _mass(tables, new)
    return (
        -6.7,
        6.0 * 2 * alike / (sum(total) or 1.0),
        2.0 * alike / (total[0] or 1.0),
        3.0 * (_KEPT if old.key == new.key else similarity(old.key.name, new.key.name)),
        2.0 * _referrers(tables, old.key, new.key),
        1.2 * min(2, tables.substitutions.others(old.key.name, new.key.name)),
        1.0 * tables.is_only_one * min(1.0, alike),
        2.0 * tables.twins.likeness(old, new),
        -2.0 * (not any(name in new.columns for name in old.columns)),
        # Tables of a few columns that many have are alike by chance.
        -4.0 * max(0.0, 1.0 - alike),
    )


def _mass(tables: Tables, table: Table) -> float:
    return sum(tables.weight(name) for name in table.columns)


def _alike(tables: Tables, old: Table, new: Table) -> float:
    """How much of the old table's columns the new one has, columns that few tables have counting more."""
    left = [name for name in new.columns if name not in old.columns]
    found = 0.0
    for name, column in old.columns.items():
        if name in new.columns:
            found += tables.weight(name) * _agreement(tables, column, new.columns[name])
        elif left:
            likeness = {each: _renamed(tables, old, column, new, each) for each in left}
            other = max(left, key=likeness.__getitem__)
            found += tables.weight(name) * likeness[other]
            if likeness[other] >= _TAKEN:
                left.remove(other)
    return found


def _agreement(tables: Tables, old: Column, new: Column) -> float:
    """How far two columns of one name have one type."""
    return {SAME: 1.0, SIZE: 0.9, RELATED: 0.6}.get(type_relation(old, new, tables.dialect), 0.0)


def _renamed(tables: Tables, old: Table, column: Column, new: Table, name: str) -> float:
    """How likely a column of the one table is one of the other under another name."""
    likeness = similarity(column.name, name)
    # Columns that are named after their table follow its name.
    if _left_over(column.name, old) == _left_over(name, new):
        likeness = max(likeness, 0.9)
    return likeness**2 * _agreement(tables, column, new.columns[name])


def _left_over(column: str, table: Table) -> tuple[str, ...]:
    """The words of a column's name that are not its table's."""
    return tuple(word for word in words(column) if word not in words(table.key.name))


def _referrers(tables: Tables, old: Key, new: Key) -> float:
    """Which part of the foreign keys to the old table now refer to the new one; 0 where there were none."""
    were = references(tables.before, old)
    are = references(tables.after, new)
    return len(were & are) / len(were | are) if were and are else 0.0
