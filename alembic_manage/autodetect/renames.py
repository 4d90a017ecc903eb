"""Renames: asked about, done on the schema before, and turned into operations.

Once a rename is done there, everything that refers to the old name follows it, and the models are compared anew: what
is left is what really changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from alembic.operations import ops

from alembic_manage.autodetect.candidates import (
    Offer,
    Path,
    column_renames,
    enum_value_renames,
    index_and_constraint_renames,
    table_renames,
)
from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.rename_order import in_runnable_order
from alembic_manage.autodetect.rename_paths import paths_of, renames_in_models
from alembic_manage.autodetect.renaming import renaming_operation
from alembic_manage.autodetect.visible import visible
from alembic_manage.questions import Renamed, RenameQuestion
from alembic_manage.state.schema import Schema

Round: TypeAlias = tuple[frozenset[str], Callable[[Schema, Schema], list[Offer]]]
ROUNDS: Sequence[Round] = (
    (frozenset({"table"}), table_renames),
    (frozenset({"column"}), column_renames),
    (frozenset({"enum value"}), enum_value_renames),
    (frozenset({"index", "constraint"}), index_and_constraint_renames),
)
"""What is looked for, one after the other: a column is found once its table has its new name."""


@dataclass(frozen=True)
class GivenRename:
    """A rename that needs no question."""

    said: str
    """The old path as it was given."""
    old: str
    """The old path, with its table under the name that it has by now."""
    new: str


def renamed(
    operations: list[ops.MigrateOperation], detection: Detection, compare: Callable[[], list[ops.MigrateOperation]]
) -> tuple[list[ops.MigrateOperation], list[ops.MigrateOperation]]:
    """The operations that rename, in the order in which they must run, and what is left to do after them.

    The renames are done on the detection's connection.

    Args:
        operations: what a comparison found; nothing is asked about what is not among them.
        detection: whose questioner is asked, and whose context changes.
        compare: compares again, once something was renamed.

    Raises:
        UsageError: a rename was given that cannot be.
        UnansweredQuestionError: the person quit.
    """
    done: list[ops.MigrateOperation] = []
    said = {**renames_in_models(detection.model_tables), **detection.given.renames}
    given = [GivenRename(old, old, new) for old, new in said.items()]
    for kinds, offers_of in ROUNDS:
        if not operations:
            break
        before, after = visible(operations, detection)
        offers = offers_of(before, after)
        known = _given(kinds, given, detection, (before, after), offers)
        place = _in_schema if "index" in kinds and detection.rules.index_names_span_tables else str
        asked = _asked(offers, known, detection, frozenset(paths_of(kinds, before).values()), place)
        made = []
        for old, new in in_runnable_order({**known, **asked}, paths_of(kinds, detection.before), place):
            for operation in renaming_operation(old, new, kinds, detection):
                detection.apply(operation)
                made.append(operation)
        if made:
            operations = compare()
            given = _following(given, {**known, **asked})
        done += made
    return done, operations


def _given(
    kinds: frozenset[str],
    given: Sequence[GivenRename],
    detection: Detection,
    schemas: tuple[Schema, Schema],
    offers: Sequence[Offer],
) -> dict[Path, Path]:
    """The renames of these kinds that need no question: from the command line and from the models."""
    old, new = (paths_of(kinds, schema) for schema in schemas)
    found: dict[Path, Path] = {}
    targets = {each.old: each.new for each in given}
    offered = {(str(offer.old), str(each.new)) for offer in offers for each in offer.candidates}
    for each in given:
        if each.old in old and each.new in new:
            detection.given.used.add(each.said)
            # What a model says stays there after the migration is written.
            is_done = each.said not in detection.given.renames and (
                (each.new in old and each.new not in targets)
                # In a circle the names are the same before and after: only the definitions can tell.
                or (_is_in_circle(each.old, targets) and (each.old, each.new) not in offered)
            )
            if old[each.old] != new[each.new] and not is_done:
                found[old[each.old]] = new[each.new]
    return found


def _is_in_circle(name: str, targets: Mapping[str, str]) -> bool:
    """Whether names go from one to the next until the first one is there again."""
    seen: set[str] = set()
    at = name
    while at in targets and at not in seen:
        seen.add(at)
        at = targets[at]
    return at == name and bool(seen)


def _in_schema(path: Path) -> tuple[str | None, str | None]:
    """What no other index of the schema can have."""
    return path.schema, path.name


def _asked(
    offers: Sequence[Offer],
    known: Mapping[Path, Path],
    detection: Detection,
    there: frozenset[Path],
    place: Callable[[Path], Hashable],
) -> dict[Path, Path]:
    """The offers that were answered with yes; each name is taken once, and only where it is free or may become so."""
    waiting = [offer for offer in offers if offer.old not in known and not _is_refused(offer, detection)]
    staying = {place(each) for each in there - known.keys() - {offer.old for offer in waiting}}
    found: dict[Path, Path] = {}
    while waiting:
        offer = _next(waiting, place)
        waiting.remove(offer)
        taken = {place(each) for each in (*known.values(), *found.values())} | staying
        candidates = tuple(
            (str(each.new), each.also)
            for each in offer.candidates
            if place(each.new) not in taken and (str(offer.old), str(each.new)) not in detection.given.apart
        )
        answer = candidates and detection.questioner.ask(RenameQuestion(str(offer.old), offer.kind, candidates))
        if isinstance(answer, Renamed):
            found[offer.old] = next(each.new for each in offer.candidates if str(each.new) == answer.to)
        else:
            staying.add(place(offer.old))
    return found


def _is_refused(offer: Offer, detection: Detection) -> bool:
    """Whether --no-rename answers an offer."""
    is_refused = str(offer.old) in detection.given.not_renamed
    if is_refused:
        detection.given.used.add(str(offer.old))
    return is_refused


def _next(waiting: Sequence[Offer], place: Callable[[Path], Hashable]) -> Offer:
    """The first offer of names that no other one has to leave before: of a chain the end, of a circle any."""
    held = {place(offer.old) for offer in waiting}
    ends = (o for o in waiting if not any(place(each.new) in held - {place(o.old)} for each in o.candidates))
    return next(ends, waiting[0])


def _following(given: Sequence[GivenRename], renamed: Mapping[Path, Path]) -> list[GivenRename]:
    """What was given, with tables under their new names where they were renamed.

    Where another table took the name, as in a swap, the new path tells which of the two the old one means.
    """
    tables = {str(old): str(new) for old, new in renamed.items() if old.name is None}
    names = set(tables.values())

    def follow(path: str, new: str) -> str:
        table, _, name = path.rpartition(".")
        is_new_name = table in names and new.startswith(f"{table}.")
        return path if table not in tables or is_new_name else f"{tables[table]}.{name}"

    return [GivenRename(each.said, follow(each.old, each.new), follow(each.new, each.new)) for each in given]
