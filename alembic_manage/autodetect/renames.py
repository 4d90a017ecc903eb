"""Renames: asked about, done on the schema before, and turned into operations.

Once a rename is done there, everything that refers to the old name follows it, and the models are compared anew: what
is left is what really changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    given = {**renames_in_models(detection.model_tables), **detection.given.renames}
    for kinds, offers_of in ROUNDS:
        if not operations:
            break
        before, after = visible(operations, detection)
        known = _given(kinds, given, detection, before, after)
        asked = _asked(offers_of(before, after), known, detection)
        made = [
            operation
            for old, new in in_runnable_order({**known, **asked}, paths_of(kinds, detection.before))
            for operation in renaming_operation(old, new, kinds, detection)
        ]
        for operation in made:
            detection.apply(operation)
        if made:
            operations = compare()
            given = _following(given, {**known, **asked})
        done += made
    return done, operations


def _given(
    kinds: frozenset[str], given: Mapping[str, str], detection: Detection, before: Schema, after: Schema
) -> dict[Path, Path]:
    """The renames of these kinds that need no question: from the command line and from the models."""
    old, new = paths_of(kinds, before), paths_of(kinds, after)
    found: dict[Path, Path] = {}
    for old_text, new_text in given.items():
        if old_text in old and new_text in new:
            detection.given.used.add(old_text)
            # What a model says stays there after the migration is written.
            if old[old_text] != new[new_text] and (new_text not in old or old_text not in new or new_text in given):
                found[old[old_text]] = new[new_text]
    return found


def _asked(offers: Sequence[Offer], known: Mapping[Path, Path], detection: Detection) -> dict[Path, Path]:
    """The offers that were answered with yes; each name is taken once."""
    found: dict[Path, Path] = {}
    for offer in offers:
        taken = {*known.values(), *found.values()}
        candidates = tuple((str(each.new), each.also) for each in offer.candidates if each.new not in taken)
        if offer.old in known or not candidates:
            continue
        if str(offer.old) in detection.given.not_renamed:
            detection.given.used.add(str(offer.old))
            continue
        answer = detection.questioner.ask(RenameQuestion(str(offer.old), offer.kind, candidates))
        if isinstance(answer, Renamed):
            found[offer.old] = next(each.new for each in offer.candidates if str(each.new) == answer.to)
    return found


def _following(given: Mapping[str, str], renamed: Mapping[Path, Path]) -> dict[str, str]:
    """What was given, with tables under their new names where they were renamed."""
    tables = {str(old): str(new) for old, new in renamed.items() if old.name is None}

    def follow(text: str) -> str:
        return next((new + text[len(old) :] for old, new in tables.items() if text.startswith(f"{old}.")), text)

    return {follow(old): follow(new) for old, new in given.items()}
