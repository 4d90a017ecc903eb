"""When something is done: before the new code is deployed or after, and in which order there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum

from alembic.operations import ops

EXPAND = "expand"
CONTRACT = "contract"


class Phase(Enum):
    """Which code runs when a revision is applied."""

    EXPAND = EXPAND
    """The old code; the new one follows. Nothing that either of them needs is missing afterwards."""
    CONTRACT = CONTRACT
    """The new code only."""


class Step(IntEnum):
    """The order within a phase; a revision each. The value of WORDS is the end of its name."""

    CHANGE = 0
    """What takes an instant, in one transaction."""
    FILL = 1
    """Rows get values, in portions."""
    BUILD = 2
    """Indexes are built beside the running application."""
    ATTACH = 3
    """Constraints that count for new rows only."""
    VALIDATE = 4
    """The rows that are there are looked at."""
    REMOVE = 5
    """Indexes are removed beside the running application."""
    FINISH = 6
    """What takes an instant, once the rest is done."""
    LOOK = 7
    """The rows are looked at for a constraint that had to wait for that."""


WORDS = {
    (Phase.EXPAND, Step.CHANGE): "expand",
    (Phase.EXPAND, Step.FINISH): "close",
    (Phase.CONTRACT, Step.CHANGE): "begin",
    (Phase.CONTRACT, Step.FINISH): "contract",
    **{(phase, Step.FILL): "fill" for phase in Phase},
    **{(phase, Step.BUILD): "index" for phase in Phase},
    **{(phase, Step.ATTACH): "attach" for phase in Phase},
    **{(phase, Step.VALIDATE): "validate" for phase in Phase},
    **{(phase, Step.REMOVE): "unindex" for phase in Phase},
    (Phase.CONTRACT, Step.LOOK): "look",
}


@dataclass(frozen=True)
class Staged:
    """An operation, and when it is done."""

    phase: Phase
    step: Step
    operation: ops.MigrateOperation
    is_last: bool = False
    """Whether it comes behind all others of its step; on the way back it is then the first."""


def expand(step: Step, *operations: ops.MigrateOperation) -> list[Staged]:
    """Operations of the expand phase."""
    return [Staged(Phase.EXPAND, step, operation) for operation in operations]


def contract(step: Step, *operations: ops.MigrateOperation) -> list[Staged]:
    """Operations of the contract phase."""
    return [Staged(Phase.CONTRACT, step, operation) for operation in operations]


def in_order(staged: Iterable[Staged]) -> Iterator[tuple[Phase, Step, list[ops.MigrateOperation]]]:
    """What is done at the same time, in the order in which it is done, each as one revision."""
    everything = list(staged)
    for phase in Phase:
        for step in Step:
            members = [each for each in everything if (each.phase, each.step) == (phase, step)]
            if members:
                yield phase, step, [each.operation for each in sorted(members, key=lambda each: each.is_last)]
