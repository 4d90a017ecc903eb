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
        known = _given(kinds, given, detection, before, after)
        place = _in_schema if "index" in kinds and detection.rules.index_names_span_tables else str
        asked = _asked(offers_of(before, after), known, detection, frozenset(paths_of(kinds, before).values()), place)
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
    kinds: frozenset[str], given: Sequence[GivenRename], detection: Detection, before: Schema, after: Schema
) -> dict[Path, Path]:
    """The renames of these kinds that need no question: from the command line and from the models."""
    old, new = paths_of(kinds, before), paths_of(kinds, after)
    found: dict[Path, Path] = {}
    leaving = {each.old for each in given}
    for each in given:
        if each.old in old and each.new in new:
            detection.given.used.add(each.said)
            # What a model says stays there after the migration is written: both names are then the new one's.
            is_done = each.new in old and each.new not in leaving
            if old[each.old] != new[each.new] and not (is_done and each.said not in detection.given.renames):
                found[old[each.old]] = new[each.new]
    return found


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
    found: dict[Path, Path] = {}
    leaving = {offer.old for offer in offers} | known.keys()
    staying = {place(each) for each in there - leaving}
    for offer in offers:
        taken = {place(each) for each in (*known.values(), *found.values())} | staying
        candidates = tuple(
            (str(each.new), each.also)
            for each in offer.candidates
            if place(each.new) not in taken and (str(offer.old), str(each.new)) not in detection.given.apart
        )
        if offer.old in known or not candidates:
            continue
        if str(offer.old) in detection.given.not_renamed:
            detection.given.used.add(str(offer.old))
            continue
        answer = detection.questioner.ask(RenameQuestion(str(offer.old), offer.kind, candidates))
        if isinstance(answer, Renamed):
            found[offer.old] = next(each.new for each in offer.candidates if str(each.new) == answer.to)
    return found


def _following(given: Sequence[GivenRename], renamed: Mapping[Path, Path]) -> list[GivenRename]:
    """What was given, with tables under their new names where they were renamed."""
    tables = {str(old): str(new) for old, new in renamed.items() if old.name is None}

    def follow(text: str) -> str:
        return next((new + text[len(old) :] for old, new in tables.items() if text.startswith(f"{old}.")), text)

    return [GivenRename(each.said, follow(each.old), follow(each.new)) for each in given]
