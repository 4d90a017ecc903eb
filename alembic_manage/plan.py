"""What must run to reach a target: pure functions of the history and the record."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from alembic_manage.errors import MissingFileError, RefusedError, UsageError
from alembic_manage.history import PHASES, History, Revision
from alembic_manage.quantity import counted

HEAD = "head"
HEADS = "heads"
ZERO = "zero"
EXPAND, CONTRACT = PHASES
BASE = "base"
"""Alembic's word for ZERO."""
_RELATIVE = re.compile(r"[+-]\d+")
_ON_BRANCH = re.compile(r"(?P<branch>.+)@-(?P<count>\d+)")
"""Alembic's way to say how far down to go on one branch of several."""


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
            "-N" for N steps up or down, "BRANCH@-N" for N steps down on the branch of a label or of a revision.

    Raises:
        UnknownRevisionError: nothing fits `target`.
        AmbiguousRevisionError: several revisions begin with `target`.
        MultipleHeadsError: "head" or "+N" with several heads.
        MissingFileError: an id of `recorded` has no file.
        UsageError: there are fewer than N steps, or N steps down could mean several branches.
    """
    applied = history.ancestors(require_known(history, recorded))
    if _RELATIVE.fullmatch(target):
        return _relative(history, applied, target)
    on_branch = _ON_BRANCH.fullmatch(target)
    if on_branch:
        return _down_on_branch(history, applied, target, on_branch["branch"], int(on_branch["count"]))
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


def in_phase(plan: Plan, phase: str | None) -> Plan:
    """What of a plan is run in one phase of a deployment.

    Args:
        plan: everything that is to run.
        phase: "expand" for what comes before the first revision that is marked "contract"; "contract" or None for all.

    Raises:
        UsageError: the plan leads down.
        RefusedError: the new code needs what stands behind a revision of the contract phase.
    """
    if phase is None or not plan.steps:
        return plan
    if plan.direction is Direction.DOWNGRADE:
        raise UsageError(
            "--phase is about migrations that are applied.", hint="python manage.py migrate --phase expand"
        )
    if phase != EXPAND:
        return plan
    first = next((at for at, step in enumerate(plan.steps) if step.revision.phase == CONTRACT), len(plan.steps))
    behind = [step.revision for step in plan.steps[first:] if step.revision.phase != CONTRACT]
    if behind:
        raise RefusedError(
            f"{behind[0].id} stands behind {plan.steps[first].revision.id}, which belongs to the contract phase of an "
            "earlier change: that one is not finished. Nothing was run.",
            hint="once no old code runs any more: python manage.py migrate --phase contract",
        )
    return Plan(plan.target, plan.steps[:first])


def make_removal(history: History, recorded: frozenset[str], ids: Collection[str]) -> Plan:
    """The steps that take revisions back, with everything that cannot stay without them.

    Args:
        history: a sound history.
        recorded: the ids in the version table.
        ids: the revisions; those that are not applied count for nothing.

    Raises:
        MissingFileError: an id of `recorded` has no file.
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
        on_branch = _ON_BRANCH.fullmatch(target)
        if on_branch:
            history.branch(on_branch["branch"])
        else:
            history.find(target)
    return target


def require_known(history: History, recorded: Collection[str]) -> Collection[str]:
    """`recorded`, when each id in it has a file.

    Raises:
        MissingFileError: one has none; the message names it. What the ledger knows of it is told by
            execution/ahead.py.
    """
    unknown = sorted(id for id in recorded if id not in history)
    if unknown:
        raise MissingFileError(
            f"The database is at migration {', '.join(repr(id) for id in unknown)}, which has no file here: "
            "another branch is checked out, or the file was deleted or renamed.",
            unknown,
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
            f"Cannot go {counted(count, 'step')}: {counted(len(steps), 'migration', ('is', 'are'))} "
            f"{'not applied yet' if up else 'applied'}.",
            hint=f"python manage.py migrate {HEAD if up else ZERO}",
        )
    return Plan(target, steps[:count])


def _refuse_choice(history: History, applied: frozenset[str], count: int) -> None:
    """Going down `count` steps must mean one thing: at each of them a single head is applied."""
    left = set(applied)
    for taken in range(min(count, len(applied))):
        heads = _applied_heads(history, left)
        if len(heads) > 1:
            raise _choice(history, heads, left, wanted=count, taken=taken, clear=str(taken))
        left.discard(heads[0])


def _applied_heads(history: History, applied: Collection[str]) -> list[str]:
    """What is applied and needed by nothing that is applied, in order of the ids.

    As nothing is applied without what it needs, it is enough to look one step up.
    """
    left = frozenset(applied)
    return sorted(id for id in left if left.isdisjoint(history.children(id)))


def _choice(
    history: History, heads: Sequence[str], applied: Collection[str], *, wanted: int, taken: int, clear: str
) -> UsageError:
    """The error where a step down could mean several branches; it has the command for each.

    Args:
        history: of the revisions.
        heads: those that the step could mean.
        applied: what is applied when it comes to the step.
        wanted: how many steps there were to be.
        taken: how many of them are clear.
        clear: the target of rollback that takes just these.
    """
    state = f"are left after {taken} of them" if taken else "are applied"
    first = f"python manage.py rollback {clear}, then: " if taken else ""
    each = ", or: ".join(f"python manage.py rollback {head}@-{wanted - taken}" for head in heads)
    shared = frozenset.intersection(*(history.ancestors([head]) for head in heads))
    forks = history.in_order(shared & frozenset(applied))
    below = f", or, for all of them: python manage.py rollback {forks[-1].id}" if forks else ""
    return UsageError(
        f"{wanted} step{'s' * (wanted > 1)} down could mean several branches: {', '.join(heads)} {state}, and none of "
        "them follows another.",
        hint=f"{first}{each}{below}",
    )


def _down_on_branch(history: History, applied: frozenset[str], target: str, branch: str, count: int) -> Plan:
    """`count` steps down, each on one branch; what stands on other branches stays."""
    members, left, steps = history.branch(branch) & applied, set(applied), []
    for taken in range(count):
        heads = [id for id in _applied_heads(history, left) if id in members]
        if len(heads) > 1:
            raise _choice(history, heads, left, wanted=count, taken=taken, clear=f"{branch}@-{taken}")
        if not heads:
            raise _end_of_branch(history, members & left, left, branch)
        left.discard(heads[0])
        steps.append(Step(history.by_id[heads[0]], Direction.DOWNGRADE))
    return Plan(target, tuple(steps))


def _end_of_branch(history: History, members: Collection[str], left: Collection[str], branch: str) -> UsageError:
    """The error where a branch has no further step down: nothing of it is left, or others need what is."""
    if not members:
        return UsageError(
            f"Cannot go that far down on '{branch}': no more of it is applied.",
            hint="python manage.py showmigrations --graph",
        )
    last = history.in_order(members)[-1].id
    others = [id for id in _applied_heads(history, left) if id in history.descendants([last])]
    return UsageError(
        f"Cannot go that far down on '{branch}': {', '.join(others)} need{'s' * (len(others) == 1)} {last}.",
        hint=f"take back what needs it first: python manage.py rollback {others[0]}@-1",
    )
