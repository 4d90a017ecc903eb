"""All migrations up, down and up again, on a scratch database."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import Difference, description_of, differences
from alembic_manage.environment import Environment
from alembic_manage.errors import RefusedError
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.reversible import require_reversible
from alembic_manage.execution.scratch_run import execute, migrated, run_baseline
from alembic_manage.history import History
from alembic_manage.plan import HEADS, ZERO, Direction, Plan, Step, make_plan
from alembic_manage.scratch import ScratchEnvironment, with_scratch


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
    first, again = _parts(environment.history.require_sound(), lowest)
    _require_way_down(_undoing(again))
    older, newest = Plan(HEADS, again.steps[:-1]), Plan(HEADS, again.steps[-1:])

    def travel(scratch: ScratchEnvironment) -> RoundTrip:
        run_baseline(scratch)
        bottom, middle, top = _after(scratch, first), _after(scratch, older), _after(scratch, newest)
        # The newest by itself: what it leaves may go when older ones drop its table.
        for plan, before in ((newest, middle), (older, bottom)):
            after = _after(scratch, _undoing(plan))
            if after != before:
                return RoundTrip(left_behind=tuple(_back(each) for each in differences(before, after)))
        return RoundTrip(different=tuple(_again(each) for each in differences(top, _after(scratch, again))))

    return with_scratch(environment, travel)


def _parts(history: History, lowest: str) -> tuple[Plan, Plan]:
    """The way up in two parts: what stays, and what is taken back."""
    steps = make_plan(history, frozenset(), HEADS).steps
    below = frozenset() if lowest == ZERO else history.ancestors([history.find(lowest).id])
    first, again = ([step for step in steps if (step.revision.id in below) is stays] for stays in (True, False))
    return Plan(HEADS, tuple(first)), Plan(HEADS, tuple(again))


def _undoing(plan: Plan) -> Plan:
    return Plan(ZERO, tuple(Step(step.revision, Direction.DOWNGRADE) for step in reversed(plan.steps)))


def _require_way_down(plan: Plan) -> None:
    try:
        require_reversible(plan)
    except RefusedError as error:
        raise RefusedError(
            str(error).removesuffix(" Nothing was taken back."),
            hint="write its downgrade(); or let the test go down no further, with a line in pytest.ini: "
            "alembic_manage_downgrade_to = MIGRATION",
        ) from error


def _after(scratch: ScratchEnvironment, plan: Plan) -> Description:
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
