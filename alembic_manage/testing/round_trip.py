"""All migrations up, down and up again, on a scratch database."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import Difference, description_of, differences
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, HistoryError
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.reversible import require_reversible
from alembic_manage.execution.scratch_run import execute, migrated, run_baseline
from alembic_manage.plan import HEADS, ZERO, Direction, Plan, Step, make_plan
from alembic_manage.scratch import with_scratch


@dataclass(frozen=True)
class RoundTrip:
    """What was found, a line each."""

    left_behind: tuple[str, ...] = ()
    """What the way down did not undo."""
    different: tuple[str, ...] = ()
    """What is not the same after the second way up."""


def upgraded_from_zero(environment: Environment) -> None:
    """Run every migration on an empty scratch database.

    Raises:
        RevisionFailedError: a migration raised.
        NoScratchError: no scratch database can be had.
    """
    history = environment.history.require_sound()
    with_scratch(environment, lambda scratch: migrated(scratch, make_plan(history, frozenset(), HEADS)))


def round_trip(environment: Environment, lowest: str = ZERO) -> RoundTrip:
    """Up to the heads, down to `lowest`, and up again.

    Args:
        environment: of the project's database, which is not touched.
        lowest: a migration or a unique beginning of its id, or "zero".

    Raises:
        RefusedError: a migration cannot be taken back.
        RevisionFailedError: a migration raised.
        NoScratchError: no scratch database can be had.
    """
    history = environment.history.require_sound()
    up = make_plan(history, frozenset(), HEADS)
    below = frozenset() if lowest == ZERO else history.ancestors([history.find(lowest).id])
    first = Plan(HEADS, tuple(step for step in up.steps if step.revision.id in below))
    again = Plan(HEADS, tuple(step for step in up.steps if step.revision.id not in below))
    down = Plan(lowest, tuple(Step(step.revision, Direction.DOWNGRADE) for step in reversed(again.steps)))
    try:
        require_reversible(down)
    except CommandError as error:
        raise HistoryError(
            str(error).removesuffix(" Nothing was taken back."),
            hint="write downgrade(), or go down no further than that, in pytest.ini: "
            "alembic_manage_downgrade_to = MIGRATION",
        ) from error

    def travel(scratch: Environment) -> RoundTrip:
        run_baseline(scratch)
        before, top = _after(scratch, first), _after(scratch, again)
        bottom = _after(scratch, down)
        if bottom != before:
            return RoundTrip(left_behind=tuple(_back(each) for each in differences(before, bottom)))
        return RoundTrip(different=tuple(_again(each) for each in differences(top, _after(scratch, again))))

    return with_scratch(environment, travel)


def _after(scratch: Environment, plan: Plan) -> Description:
    execute(scratch, plan, Silent())
    return description_of(scratch)


def _back(each: Difference) -> str:
    if each.expected is None:
        return f"{each.object} is left" + (f": {each.found}" if each.found else "")
    if each.found is None:
        return f"{each.object} is gone, and was there before"
    return f"{each.object} is {each.found}, and was {each.expected} before"


def _again(each: Difference) -> str:
    if each.expected is None:
        return f"{each.object} is new: {each.found}"
    if each.found is None:
        return f"{each.object} is gone; it was {each.expected}"
    return f"{each.object}: first {each.expected}, then {each.found}"
