"""Values of enums that may have been renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.types import Enum

from alembic_manage.autodetect.candidates.matching import best_pairs
from alembic_manage.autodetect.candidates.name_similarity import similarity
from alembic_manage.autodetect.candidates.offer import Candidate, Offer
from alembic_manage.autodetect.candidates.path import Path, path_of
from alembic_manage.sql.labels import labels_allowed
from alembic_manage.state.objects import Check, Key
from alembic_manage.state.schema import Schema

THRESHOLD = 0.5
ONLY_ONE = 0.55
"""The least likelihood where exactly one is gone and exactly one has come in its place: rows are asked about anyway."""
CLOSE = 0.1


def enum_value_renames(before: Schema, after: Schema) -> list[Offer]:
    """An offer for each value that may have been renamed, of types and columns that are in both schemas.

    Args:
        before: the schema, with the renames of tables and columns done.
        after: what the models say.
    """
    return [offer for old, new, place in _enums(before, after) for offer in _of_enum(old, new, place)]


def enum_value_paths(schema: Schema) -> Iterator[Path]:
    """The path of every value that a rename can be given for."""
    yield from (path_of(key, label) for key, labels in _named(schema).items() for label in labels)
    for key, table in schema.shown_tables.items():
        yield from (path_of(key, label, name) for name in table.columns for label in _inline(schema, key, name))


def _enums(before: Schema, after: Schema) -> Iterator[tuple[Sequence[str], Sequence[str], Callable[[str], Path]]]:
    """The labels of each enum before and after, and the path of one of them."""
    named = _named(after)
    for key, enum in before.enums.items():
        if key in named:
            yield enum.labels, named[key], lambda label, key=key: path_of(key, label)  # type: ignore[misc]
    for key, table in before.shown_tables.items():
        for name in table.columns if key in after.tables else ():
            labels = _inline(before, key, name), _inline(after, key, name)
            if labels[0] and labels[1]:
                yield *labels, lambda label, key=key, name=name: path_of(key, label, name)  # type: ignore[misc]


def _named(schema: Schema) -> dict[Key, Sequence[str]]:
    """The labels of named types, also of those that only columns tell of."""
    found: dict[Key, Sequence[str]] = {}
    for table in schema.shown_tables.values():
        for column in table.columns.values():
            named = schema.rules.enum_key(column.type)
            if named is not None:
                enum = getattr(column.type, "item_type", column.type)
                found[schema.key(*named)] = tuple(getattr(enum, "enums", ()))
    return {**found, **{key: enum.labels for key, enum in schema.enums.items()}}


def _inline(schema: Schema, key: Key, name: str) -> Sequence[str]:
    """The labels of a column whose type is an enum without a name, or that a CHECK confines to labels; else none."""
    table = schema.tables[key]
    for check in table.constraints:
        if not isinstance(check, Check):
            continue
        allowed = labels_allowed(check.text, schema.rules, key.name, table.columns)
        if allowed is not None and allowed.column == name:
            return allowed.labels
    type_ = getattr(table.columns.get(name), "type", None)
    real = type_ if isinstance(type_, Enum) else getattr(type_, "impl", None)
    is_native = schema.rules.dialect_class(schema.rules.names[0]).supports_native_enum
    if not isinstance(real, Enum) or not is_native or not real.native_enum or schema.rules.enum_key(real) is not None:
        return ()
    return tuple(real.enums)


def _of_enum(old: Sequence[str], new: Sequence[str], place: Callable[[str], Path]) -> list[Offer]:
    gone = [label for label in old if label not in new]
    come = [label for label in new if label not in old]
    if not gone or not come:
        return []
    scores = [[_score(old, one, new, other, gone, come) for other in come] for one in gone]
    offers = []
    for row, column in best_pairs([[score - THRESHOLD for score in row] for row in scores]):
        least = max(THRESHOLD, scores[row][column] - CLOSE)
        close = [each for each in range(len(come)) if each != column and scores[row][each] >= least]
        close.sort(key=lambda each: -scores[row][each])
        found = tuple(Candidate(place(come[each]), scores[row][each]) for each in (column, *close))
        offers.append(Offer("enum value", place(gone[row]), found))
    return offers


def _score(
    old: Sequence[str], one: str, new: Sequence[str], other: str, gone: Sequence[str], come: Sequence[str]
) -> float:
    """How likely one label became the other: by spelling, by its place, and by what else is gone or new."""
    in_place = _neighbours(old, one, gone) == _neighbours(new, other, come)
    is_only = len(gone) == len(come) == 1
    score = similarity(one, other) * 0.8 + 0.25 * in_place + 0.15 * is_only
    return min(1.0, max(score, ONLY_ONE) if is_only and in_place else score)


def _neighbours(labels: Sequence[str], label: str, changed: Sequence[str]) -> tuple[int, int]:
    """How many labels that stay are before and after one."""
    place = labels.index(label)
    return (
        sum(each not in changed for each in labels[:place]),
        sum(each not in changed for each in labels[place + 1 :]),
    )
