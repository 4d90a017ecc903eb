"""Renames: asked about, done on the schema before, and turned into operations.

Once a rename is done there, everything that refers to the old name follows it, and the models are compared anew: what
is left is what really changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TypeAlias

from alembic.operations import ops

from alembic_manage.autodetect.candidates import (
    Candidate,
    Offer,
    Path,
    column_renames,
    enum_value_renames,
    index_and_constraint_renames,
    table_renames,
)
from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.given_renames import GivenRenames
from alembic_manage.autodetect.rename_order import in_runnable_order
from alembic_manage.autodetect.rename_paths import paths_of
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
HOLD_ROWS = ("table", "column")
"""Kinds of which one may take the name of another that is dropped in the same change."""


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
    given = GivenRenames(detection)
    for kinds, offers_of in ROUNDS:
        if not operations:
            break
        before, after = visible(operations, detection)
        offers, there = offers_of(before, after), paths_of(kinds, before)
        known = given.between(there, paths_of(kinds, after), offers)
        place = _in_schema if "index" in kinds and detection.rules.index_names_span_tables else str
        dropped = {*given.dropped, *(_of_dropped_tables(there, after) if "index" in kinds else ())}
        kept = [each for path, each in there.items() if path not in dropped]
        asked, gone = _asked(offers, known, given, kept, place, detection)
        pairs = {**known, **asked}
        made = []
        for old, new in in_runnable_order(pairs, paths_of(kinds, detection.before), place, dropped | gone):
            given.refuse(old)  # What makes room, where an option said that it goes.
            for operation in renaming_operation(old, new, kinds, detection):
                detection.apply(operation)
                made.append(operation)
        if made:
            operations = compare()
            given.follow(pairs)
        done += made
    return done, operations


def _of_dropped_tables(there: Mapping[str, Path], after: Schema) -> set[str]:
    """The paths of what goes with its table: it makes room for what belongs to another one."""
    return {text for text, path in there.items() if after.key(path.schema, path.table) not in after.tables}


def _in_schema(path: Path) -> tuple[str | None, str | None]:
    """What no other index of the schema can have."""
    return path.schema, path.name


def _asked(
    offers: Sequence[Offer],
    known: Mapping[Path, Path],
    given: GivenRenames,
    kept: Collection[Path],
    place: Callable[[Path], Hashable],
    detection: Detection,
) -> tuple[dict[Path, Path], set[str]]:
    """The offers that were answered with yes, and the paths of what goes for them, or was answered with no.

    Each name is taken once. One that is not free yet must become so: what has it is renamed itself, or is a table or a
    column that has little in common with the new one of its name.

    Args:
        offers: what is likely.
        known: what is renamed anyway.
        given: what options say.
        kept: what keeps its name if nobody is asked.
        place: what only one of them can have.
        detection: whose questioner is asked.
    """
    found: dict[Path, Path] = {}
    dropped = {str(known[each.old]) for each in offers if known.get(each.old) in {one.new for one in each.candidates}}
    leaving = {offer.old for offer in offers} | known.keys()
    holders = {place(each): each for each in kept if each not in leaving}
    for offer in offers:
        taken = {place(each) for each in (*known.values(), *found.values())}
        candidates = [
            each
            for each in offer.candidates
            if place(each.new) not in taken
            and (place(each.new) not in holders or (offer.kind in HOLD_ROWS and holders[place(each.new)] == each.new))
            and (str(offer.old), str(each.new)) not in detection.given.apart
        ]
        if offer.old in known or not candidates or given.refuse(offer.old):
            continue
        choices = tuple((str(each.new), _also(each, is_taken=place(each.new) in holders)) for each in candidates)
        answer = detection.questioner.ask(RenameQuestion(str(offer.old), offer.kind, choices))
        if isinstance(answer, Renamed):
            found[offer.old] = next(each.new for each in candidates if str(each.new) == answer.to)
            dropped.add(answer.to)
        else:
            dropped.add(str(offer.old))
    return found, dropped


def _also(candidate: Candidate, *, is_taken: bool) -> str:
    """What else happens when the answer is yes."""
    loss = f"what was {candidate.new} is dropped with its data" if is_taken else ""
    return "; ".join(filter(None, (candidate.also, loss)))
