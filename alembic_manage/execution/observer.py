"""Who is told what a run does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from alembic_manage.plan import Plan, Step


class Observer(Protocol):
    """Is told what happens; the executor itself prints nothing."""

    def planned(self, plan: Plan) -> None:
        """The plan is known and nothing has run; raise to stop here."""

    def started(self, step: Step) -> None:
        """A revision begins."""

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """A revision is committed."""

    def failed(self, step: Step) -> None:
        """A revision raised, or was interrupted."""

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        """A revision could not get a lock in time; it was rolled back, and is tried again.

        Args:
            step: the revision.
            blockers: who holds what it needs, a line each, as far as that is known.
            pause_s: how long until then, in seconds.
        """

    def waiting(self, line: str) -> None:
        """Another migrator is at work; `line` says who."""
