"""Replays branches in every order on the history state, and says whether the order matters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from alembic_manage.branches.fork import Branch, Fork
from alembic_manage.branches.inventory import COLUMN_ORDER, Inventory, inventory_of, unmet_needs
from alembic_manage.branches.kept_renames import renames_in
from alembic_manage.branches.rows import RowWork, row_work
from alembic_manage.branches.touch import Touch, Touches, tables_of, touched_by_several, touches_of
from alembic_manage.branches.verdict import Difference, Outcome, Verdict
from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.history import Revision
from alembic_manage.location import display_path
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.state.cache import StateCache
from alembic_manage.state.replay import Opaque, Replay
from alembic_manage.state.schema import Schema

MOST = 6
"""How many branches are proven at most: their replays double with each one more."""


@dataclass(frozen=True)
class Reached:
    """The state that revisions lead to."""

    schema: Schema
    inventory: Inventory
    opaque: Sequence[Opaque] = ()
    """What could not be replayed; the state is not known where there is something."""
    row_statements: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Proof:
    """The branches of a fork, replayed one after the other.

    That all orders of several branches lead to the same state is shown set by set: where each set of branches has one
    state, whichever of them comes last, the next larger sets follow from it.

    Args:
        environment: whose revisions and env.py run; no database is asked.
        fork: at least two branches.
    """

    def __init__(self, environment: Environment, fork: Fork) -> None:
        self.environment = environment
        self.fork = fork
        self._after: dict[tuple[str, ...], Reached] = {}

    def after(self, revisions: Sequence[Revision]) -> Reached:
        """The state after what the branches share and then `revisions`, in this order; replayed once."""
        key = tuple(revision.id for revision in revisions)
        if key not in self._after:
            self._after[key] = self._replayed(revisions)
        return self._after[key]

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the order of the branches matters, with what they touch both."""
        count = len(self.fork.branches)
        if count > MOST:
            return Verdict(Outcome.UNPROVEN, f"there are {count} branches; merge some of them first.")
        try:
            blocked = self._opaque_alone()
            return Verdict(Outcome.UNPROVEN, blocked, self._rows, self._touched) if blocked else self._compared()
        except EnvironmentFailedError as error:
            return Verdict(Outcome.UNPROVEN, str(error).splitlines()[0])

    def failure_of(self, revisions: Sequence[Revision]) -> str:
        """Why this order cannot be replayed; "" where it can."""
        found = self.after(revisions).opaque
        return self._line(found[0]) if found else ""

    def _replayed(self, revisions: Sequence[Revision]) -> Reached:
        steps = tuple(Step(revision, Direction.UPGRADE) for revision in revisions)
        if not steps:
            replay = Replay(self.environment, cache=StateCache.of(self.environment))
            steps = tuple(Step(revision, Direction.UPGRADE) for revision in self.fork.shared)
        else:
            replay = Replay(self.environment, self.after(()).schema.copy())
        replay.run(Plan("", steps))
        inventory = inventory_of(replay.schema, replay.engine.dialect)
        return Reached(replay.schema, inventory, replay.opaque, replay.row_statements)

    def _in_turn(self, branches: Sequence[Branch]) -> Reached:
        return self.after(in_turn(branches))

    def _opaque_alone(self) -> str:
        """Why the state of one branch by itself is not known."""
        for reached in (self.after(()), *(self._in_turn([branch]) for branch in self.fork.branches)):
            if reached.opaque:
                return self._line(reached.opaque[0])
        return ""

    def _compared(self) -> Verdict:
        for size in range(2, len(self.fork.branches) + 1):
            for chosen in combinations(self.fork.branches, size):
                found = self._of_set(chosen)
                if found is not None:
                    return found
        found = self._of_history() or self._unmet()
        if found is not None:
            return found
        moved = tuple(sorted(set(self._moved())))
        return Verdict(Outcome.COMMUTE, "", self._rows, self._touched, column_orders=moved)

    def _of_set(self, chosen: Sequence[Branch]) -> Verdict | None:
        """What is wrong with these branches, whose smaller sets are all right; None where nothing is."""
        orders = list(_rotations(chosen))
        for order in orders:
            opaque = self._in_turn(order).opaque
            if opaque:
                raised = opaque[0].kind in ("raises", "follows")
                before = " and ".join(branch.name for branch in order[:-1])
                reason = f"after {before}, {self._line(opaque[0])}" if raised else self._line(opaque[0])
                outcome = Outcome.CONFLICT if raised else Outcome.UNPROVEN
                return Verdict(outcome, reason, self._rows, self._touched)
        first = self._in_turn(orders[0])
        for order in orders[1:]:
            found = differences(_names(orders[0]), first.inventory, _names(order), self._in_turn(order).inventory)
            if found:
                return Verdict(Outcome.CONFLICT, "", self._rows, self._touched, found)
        return None

    def _of_history(self) -> Verdict | None:
        """What is wrong with the order in which `migrate` runs the branches; None where nothing is."""
        mixed = self.environment.history.in_order(self.fork.revisions)
        failure = self.failure_of(mixed)
        if failure:
            return Verdict(Outcome.CONFLICT, f"in the order of their names, {failure}", self._rows, self._touched)
        whole = self._in_turn(self.fork.branches)
        found = differences(
            [branch.name for branch in self.fork.branches],
            whole.inventory,
            [revision.id for revision in mixed],
            self.after(mixed).inventory,
        )
        return Verdict(Outcome.CONFLICT, "", self._rows, self._touched, found) if found else None

    def _unmet(self) -> Verdict | None:
        """What is wrong where a constraint of one branch needs what another takes away; None where nothing is."""
        before, together = self.after(()).inventory, self._in_turn(self.fork.branches).inventory
        for branch in self.fork.branches:
            for reason in unmet_needs(before, self._in_turn([branch]).inventory, together):
                return Verdict(Outcome.CONFLICT, reason, self._rows, self._touched)
        return None

    def _moved(self) -> Iterator[str]:
        """The tables whose columns stand in another order, depending on which branch was first."""
        one, *others = (self._in_turn(order).inventory for order in _rotations(self.fork.branches))
        for other in others:
            for item, definition in one.items():
                if item.kind == COLUMN_ORDER and definition != other.get(item):
                    yield item.table

    @cached_property
    def _alone(self) -> Mapping[str, Touches]:
        before = self.after(()).inventory
        return {
            branch.name: touches_of(before, self._in_turn([branch]).inventory, _renames(branch))
            for branch in self.fork.branches
        }

    @cached_property
    def _touched(self) -> tuple[Touch, ...]:
        return touched_by_several(self._alone)

    @cached_property
    def _rows(self) -> tuple[RowWork, ...]:
        before = self.after(()).inventory
        ends = {branch.name: self._in_turn([branch]) for branch in self.fork.branches}
        tables = {name: tables_of(self._alone[name], before, end.inventory) for name, end in ends.items()}
        known = {item.table for found in (before, *(end.inventory for end in ends.values())) for item in found}
        return row_work({name: end.row_statements for name, end in ends.items()}, tables, known - {""})

    def _line(self, opaque: Opaque) -> str:
        place = display_path(opaque.path, self.environment.project.root) + (f":{opaque.line}" if opaque.line else "")
        return self.environment.without_secrets(f"{opaque.revision} cannot be replayed: {opaque.reason} ({place})")


def in_turn(branches: Sequence[Branch]) -> tuple[Revision, ...]:
    """The revisions of one branch after those of the other; what two of them share comes once."""
    return tuple(dict.fromkeys(revision for branch in branches for revision in branch.revisions))


def _renames(branch: Branch) -> Mapping[str, str]:
    return {old: new for revision in branch.revisions for old, new in renames_in(revision.path).items()}


def _names(branches: Sequence[Branch]) -> list[str]:
    return [branch.name for branch in branches]


def _rotations(chosen: Sequence[Branch]) -> Iterator[tuple[Branch, ...]]:
    """One order for each branch that can be the last."""
    for last in reversed(chosen):
        yield (*(branch for branch in chosen if branch is not last), last)


def differences(
    one_order: Collection[str], one: Inventory, other_order: Collection[str], other: Inventory
) -> tuple[Difference, ...]:
    """The objects that are not the same after two orders; the order of columns does not count."""
    found = []
    for item in sorted({*one, *other}):
        first, second = one.get(item), other.get(item)
        texts = first.text if first else None, second.text if second else None
        if item.kind != COLUMN_ORDER and texts[0] != texts[1]:
            found.append(Difference(item, tuple(one_order), texts[0], tuple(other_order), texts[1]))
    return tuple(found)
