"""Who is told what a run does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from alembic_manage.plan import Plan, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class Observer(Protocol):
    """Is told what happens; the executor itself prints nothing.

    What begins is told before it begins, and to raise stops it; what has ended stays as it is.
    """

    def opened(self, context: MigrationContext) -> None:
        """The lock is held, and what follows runs on the connection of `context`."""

    def planned(self, plan: Plan) -> None:
        """The plan is known and nothing has run; raise to stop here."""

    def started(self, step: Step) -> None:
        """A revision begins; raise to stop before it."""

    def resumed(self, step: Step, statement: int) -> None:
        """A revision that had stopped halfway goes on.

        Args:
            step: the revision, which has started.
            statement: the number of the last statement that took effect, counted from 1; 0 where none did.
        """

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
        """The run has to wait; `line` says for whom: another migrator, or the statement of a run that was killed."""


class Silent:
    """An observer of a run that does nothing; others can begin with it."""

    def opened(self, context: MigrationContext) -> None:
        """Nothing."""

    def planned(self, plan: Plan) -> None:
        """Nothing."""

    def started(self, step: Step) -> None:
        """Nothing."""

    def resumed(self, step: Step, statement: int) -> None:
        """Nothing."""

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """Nothing."""

    def failed(self, step: Step) -> None:
        """Nothing."""

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        """Nothing."""

    def waiting(self, line: str) -> None:
        """Nothing."""


class Observers:
    """Several observers as one.

    The first one stands outermost: of what begins it is told first, of what has ended last.

    Args:
        observers: from the outermost to the innermost.
    """

    def __init__(self, *observers: Observer) -> None:
        self._inwards = observers
        self._outwards = observers[::-1]

    def opened(self, context: MigrationContext) -> None:
        """As Observer's."""
        for observer in self._inwards:
            observer.opened(context)

    def planned(self, plan: Plan) -> None:
        """As Observer's."""
        for observer in self._inwards:
            observer.planned(plan)

    def started(self, step: Step) -> None:
        """As Observer's."""
        for observer in self._inwards:
            observer.started(step)

    def resumed(self, step: Step, statement: int) -> None:
        """As Observer's."""
        for observer in self._outwards:
            observer.resumed(step, statement)

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """As Observer's."""
        for observer in self._outwards:
            observer.finished(step, seconds=seconds, faked=faked)

    def failed(self, step: Step) -> None:
        """As Observer's."""
        for observer in self._outwards:
            observer.failed(step)

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        """As Observer's."""
        for observer in self._outwards:
            observer.delayed(step, blockers, pause_s)

    def waiting(self, line: str) -> None:
        """As Observer's."""
        for observer in self._outwards:
            observer.waiting(line)
