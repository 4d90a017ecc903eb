"""Columns that may have been renamed."""

from __future__ import annotations

from typing import Any

from alembic_manage.autodetect.candidates.definition import FOREIGN, RELATED, SAME, changes, type_relation
from alembic_manage.autodetect.candidates.evidence import Comparison, Side
from alembic_manage.autodetect.candidates.likelihood import close_to, odds
from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.offer import Candidate, Offer
from alembic_manage.autodetect.candidates.path import path_of
from alembic_manage.autodetect.candidates.substitution import Substitutions
from alembic_manage.state.engine import state_dialect
from alembic_manage.state.schema import Schema, Table


def column_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each column that may have been renamed, of tables that are in both schemas.

    A name may be gone and come at once: where a becomes b, and b becomes c, there are two offers, and where two columns
    swap their names as well.

    Args:
        before: the schema, with the renames of tables done.
        after: what the models say.
    """
    dialect = state_dialect(after, after.rules.names[0])
    pairs = [(table, after.tables[key]) for key, table in before.shown_tables.items() if key in after.tables]
    substitutions = Substitutions(
        (str(one.key), old, new) for one, other in pairs for old in _missing(one, other) for new in _missing(other, one)
    )
    return [
        offer
        for one, other in pairs
        for offer in _offers(_comparison(before, one, after, other, dialect, substitutions))
    ]


def _missing(one: Table, other: Table) -> list[str]:
    """The columns of the one table that the other has not."""
    return [name for name in one.columns if name not in other.columns]


def _comparison(
    before: Schema, old: Table, after: Schema, new: Table, dialect: Any, substitutions: Substitutions
) -> Comparison:
    strangers = _strangers(old, new, dialect) | _exchanged(old, new, dialect)
    one = [name for name in old.columns if name not in new.columns or name in strangers]
    other = [name for name in new.columns if name not in old.columns or name in strangers]
    return Comparison(Side(before, old, one), Side(after, new, other), dialect, substitutions)


def _strangers(old: Table, new: Table, dialect: Any) -> frozenset[str]:
    """Columns of both tables that share a name and little else: another column may have taken the name."""
    return frozenset(
        name
        for name, column in old.columns.items()
        if name in new.columns
        and (
            type_relation(column, new.columns[name], dialect) in (FOREIGN, RELATED) or _refers_elsewhere(old, new, name)
        )
    )


def _exchanged(old: Table, new: Table, dialect: Any) -> frozenset[str]:
    """Pairs of columns of which each has the other's type and stands in the other's place."""
    shared = [name for name in old.columns if name in new.columns]
    places = [name for name in new.columns if name in old.columns]
    found = [(one, other) for one, other in zip(shared, places, strict=True) if one != other]
    return frozenset(
        name
        for name, there in found
        if (there, name) in found
        and type_relation(old.columns[name], new.columns[there], dialect) == SAME
        and type_relation(old.columns[there], new.columns[name], dialect) == SAME
        and type_relation(old.columns[name], old.columns[there], dialect) != SAME
    )


def _refers_elsewhere(old: Table, new: Table, name: str) -> bool:
    targets = [{key.referred for key in table.foreign_keys if name in key.columns} for table in (old, new)]
    return bool(targets[0] and targets[1] and not targets[0] & targets[1])


def _offers(comparison: Comparison) -> list[Offer]:
    gone, come = comparison.before.changed, comparison.after.changed
    scores = [[comparison.score(old, new) for new in come] for old in gone]
    pairs = best_pairs([[odds(score) for score in row] for row in scores])
    return [
        Offer(
            "column",
            path_of(comparison.before.table.key, gone[row]),
            tuple(
                _candidate(comparison, gone[row], come[each], scores[row][each])
                for each in close_to(column, row, scores, pairs)
                if come[each] != gone[row]
            ),
        )
        for row, column in pairs
        if gone[row] != come[column]
    ]


def _candidate(comparison: Comparison, old: str, new: str, score: float) -> Candidate:
    one, other = comparison.before.table.columns[old], comparison.after.table.columns[new]
    also = ", ".join(changes(one, other, comparison.dialect))
    return Candidate(path_of(comparison.after.table.key, new), score, also)
