"""Indexes and constraints that have another name, and nothing else."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.name_similarity import similarity
from alembic_manage.autodetect.candidates.offer import Candidate, Kind, Offer
from alembic_manage.autodetect.candidates.path import path_of
from alembic_manage.dialects import Dialect
from alembic_manage.state.objects import Check, Constraint, Exclude, ForeignKey, Index, columns_of
from alembic_manage.state.schema import Schema, Table


def index_and_constraint_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each index and constraint that is the same but for its name, of tables that are in both schemas.

    Only what the database can rename counts. Each offer has one candidate.

    Args:
        before: the schema, with the renames of tables and columns done.
        after: what the models say.
    """
    return [
        offer
        for key, table in before.shown_tables.items()
        if key in after.tables
        for offer in _of_table(table, after.tables[key], before.rules)
    ]


def _of_table(old: Table, new: Table, rules: Dialect) -> Iterator[Offer]:
    for kind in ("index", "constraint"):
        ones, others = _named(old, kind, rules), _named(new, kind, rules)
        gone = [name for name in ones if name not in others]
        come = [name for name in others if name not in ones and not _is_generated(new, name, rules)]
        gains = [[_gain(name, ones[name], other, others[other]) for other in come] for name in gone]
        for row, column in best_pairs(gains):
            found = Candidate(path_of(new.key, come[column]), 1.0)
            yield Offer(kind, path_of(old.key, gone[row]), (found,))


def _gain(old: str, one: Hashable, new: str, other: Hashable) -> float:
    """Of several that are alike, those with the most similar names belong together."""
    return 1 + similarity(old, new) if one == other else -1.0


def _named(table: Table, kind: Kind, rules: Dialect) -> dict[str, Hashable]:
    """The definitions of what can be renamed, by name."""
    if kind == "index":
        found = [each for each in table.indexes if rules.renames_indexes and not each.is_implied]
        return {each.name: _definition(each) for each in found}
    return {
        each.name: _definition(each)
        for each in table.constraints
        if each.name and each.kind in rules.renamed_constraints
    }


def _definition(each: Constraint | Index) -> Hashable:
    """All but the name, with the spelling of expressions evened out."""
    if isinstance(each, Index):
        each = replace(each, parts=tuple(replace(part, text=_even(part.text)) for part in each.parts))
    if isinstance(each, Check):
        each = replace(each, text=_even(each.text))
    if isinstance(each, ForeignKey):
        each = replace(each, is_name_generated=False, onupdate=_action(each.onupdate), ondelete=_action(each.ondelete))
    options = {name: _even(str(value)) for name, value in each.options.items() if value}
    return repr(replace(each, name="", options=dict(sorted(options.items()))))


def _action(action: str | None) -> str | None:
    return None if action is None or action.upper() == "NO ACTION" else action.upper()


def _even(text: str) -> str:
    return "".join(text.replace('"', "").replace("`", "").split())


def _is_generated(table: Table, name: str, rules: Dialect) -> bool:
    """Whether the server would choose the name: then the models say none, and any name will do."""
    taken = {each.name for each in (*table.constraints, *table.indexes) if each.name and each.name != name}
    for each in table.constraints:
        if each.name == name:
            columns = [column for column in table.columns if column in columns_of(each, table.columns)]
            used = columns if isinstance(each, Check | Exclude) else list(each.columns)
            is_marked = isinstance(each, ForeignKey) and each.is_name_generated
            return is_marked or rules.generated_name(each.kind, table.key.name, used, taken) == name
    found = next((each for each in table.indexes if each.name == name and each.is_constraint), None)
    return found is not None and rules.generated_name("unique", table.key.name, list(found.columns), taken) == name
