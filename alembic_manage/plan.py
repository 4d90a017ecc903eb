"""What must run to reach a target: pure functions of the history and the record."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from alembic_manage.errors import AmbiguousRevisionError, RecordError, UsageError
from alembic_manage.history import History, Revision

HEAD = "head"
HEADS = "heads"
ZERO = "zero"
BASE = "base"
"""Alembic's word for ZERO."""
_RELATIVE = re.compile(r"[+-]\d+")


class Direction(Enum):
    """Which function of a revision runs."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"


@dataclass(frozen=True)
class Step:
    """One revision, run in one direction."""

    revision: Revision
    direction: Direction


@dataclass(frozen=True)
class Plan:
    """The steps to a target, in the order in which they run; all in the same direction."""

    target: str
    """As the user gave it."""
    steps: tuple[Step, ...]

    @property
    def direction(self) -> Direction:
        """The direction of the steps; UPGRADE for an empty plan."""
        return self.steps[0].direction if self.steps else Direction.UPGRADE

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions of the steps, in the order in which they run."""
        return tuple(step.revision for step in self.steps)


def make_plan(history: History, recorded: frozenset[str], target: str) -> Plan:
    """The revisions still to run to reach `target`, in the order in which they must run.

    Never reads the database: `recorded` is what the record holds. A target that is applied already is reached by taking
    down what follows it; one that is not, by running what it needs.

    Args:
        history: a sound history.
        recorded: the ids in the version table.
        target: a revision id, a unique prefix of one, a branch label, "head", "heads" (all of several), "zero", "+N" or
            "-N" for N steps up or down.

    Raises:
        UnknownRevisionError: nothing fits `target`.
        AmbiguousRevisionError: several revisions begin with `target`, or N steps down could mean several branches.
        MultipleHeadsError: "head" or "+N" with several heads.
        RecordError: an id of `recorded` has no file.
        UsageError: there are fewer than N steps.
    """
    applied = history.ancestors(require_known(history, recorded))
    if _RELATIVE.fullmatch(target):
        return _relative(history, applied, target)
    if target in (ZERO, BASE):
        return _downgrade(history, applied, target)
    if target == HEAD:
        head = history.require_single_head()
        return _upgrade(history, applied, target, [head.id] if head else [])
    if target == HEADS:
        return _upgrade(history, applied, target, [revision.id for revision in history.heads])
    wanted = history.find(target)
    if wanted.id in applied:
        # What only depends on the target stays: the target does.
        return _downgrade(history, applied & history.descendants(history.followers(wanted.id)), target)
    return _upgrade(history, applied, target, [wanted.id])


def make_removal(history: History, recorded: frozenset[str], ids: Collection[str]) -> Plan:
    """The steps that take revisions back, with everything that cannot stay without them.

    Args:
        history: a sound history.
        recorded: the ids in the version table.
        ids: the revisions; those that are not applied count for nothing.

    Raises:
        RecordError: an id of `recorded` has no file.
    """
    applied = history.ancestors(require_known(history, recorded))
    wanted = [id for id in ids if id in applied]
    return _downgrade(history, applied & history.descendants(wanted) if wanted else frozenset(), "")


def require_target(history: History, target: str) -> str:
    """`target`, when it means something in this history, whatever is recorded.

    Raises:
        UnknownRevisionError: nothing fits it.
        AmbiguousRevisionError: several revisions begin with it.
        MultipleHeadsError: it means one head, and there are several.
    """
    if target == HEAD or re.fullmatch(r"\+\d+", target):
        history.require_single_head()
    elif target not in (HEADS, ZERO, BASE) and not _RELATIVE.fullmatch(target):
        history.find(target)
    return target


def require_known(history: History, recorded: Collection[str]) -> Collection[str]:
    """`recorded`, when each id in it has a file.

    Raises:
        RecordError: one has none; the message names it.
    """
    unknown = sorted(id for id in recorded if id not in history)
    if unknown:
        raise RecordError(
            f"The database is at migration {', '.join(repr(id) for id in unknown)}, which has no file here: "
            "another branch is checked out, or the file was deleted or renamed.",
            hint="bring the file back, or say where the database really is: "
            "python manage.py migrate REVISION --fake --prune",
        )
    return recorded


def applied_ids(history: History, recorded: Collection[str]) -> frozenset[str]:
    """Every revision that the record implies, ids without a file left out."""
    return history.ancestors([id for id in recorded if id in history])


def pending(history: History, recorded: Collection[str]) -> tuple[Revision, ...]:
    """The revisions on the way to all heads that the record does not imply, in order."""
    return history.in_order(set(history.by_id) - applied_ids(history, recorded))


def _upgrade(history: History, applied: frozenset[str], target: str, wanted: Collection[str]) -> Plan:
    missing = history.in_order(history.ancestors(wanted) - applied)
    return Plan(target, tuple(Step(revision, Direction.UPGRADE) for revision in missing))


def _downgrade(history: History, removed: frozenset[str], target: str) -> Plan:
    ordered = reversed(history.in_order(removed))
    return Plan(target, tuple(Step(revision, Direction.DOWNGRADE) for revision in ordered))


def _relative(history: History, applied: frozenset[str], target: str) -> Plan:
    count = int(target[1:])
    if count == 0:
        return Plan(target, ())
    if target.startswith("+"):
        head = history.require_single_head()
        steps = _upgrade(history, applied, target, [head.id] if head else []).steps
    else:
        steps = _downgrade(history, applied, target).steps
        _refuse_choice(history, applied, count)
    if count > len(steps):
        up = target.startswith("+")
        raise UsageError(
            f"Cannot go {count} step(s): {len(steps)} migration(s) are {'not applied yet' if up else 'applied'}.",
            hint=f"python manage.py migrate {HEAD if up else ZERO}",
        )
    return Plan(target, steps[:count])


def _refuse_choice(history: History, applied: frozenset[str], count: int) -> None:
    """Going down `count` steps must mean one thing: at each of them a single head is applied."""
    left = set(applied)
    for _ in range(min(count, len(applied))):
        heads = sorted(id for id in left if not left & history.descendants([id]) - {id})
        if len(heads) > 1:
            raise AmbiguousRevisionError(
                f"{count} step{'s' * (count > 1)} down could mean several branches: {', '.join(heads)} are applied.",
                hint=f"name the migration to go back to: python manage.py rollback "
                f"{next(iter(history.parents(heads[0])), ZERO)}",
            )
        left.discard(heads[0])
