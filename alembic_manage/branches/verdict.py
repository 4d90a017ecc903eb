"""Whether branches commute, as it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from alembic_manage.branches.inventory import Item
from alembic_manage.branches.rows import RowWork
from alembic_manage.branches.touch import Touch


class Outcome(Enum):
    """What is known about the order of branches."""

    COMMUTE = "commute"
    """Every order gives the same schema."""
    CONFLICT = "conflict"
    """Two orders give two schemas, or one order does not run."""
    UNPROVEN = "unproven"
    """A revision cannot be replayed, or there are too many branches."""


@dataclass(frozen=True)
class Difference:
    """An object that depends on the order."""

    item: Item
    one_order: tuple[str, ...]
    """The branches, in the order that led to `one`."""
    one: str | None
    """What it is then; None where it is not there."""
    other_order: tuple[str, ...]
    other: str | None

    @property
    def line(self) -> str:
        """For a person."""
        return f"{self.item}: {self._end(self.one_order, self.one)}; {self._end(self.other_order, self.other)}"

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {
            "object": str(self.item),
            "one_order": list(self.one_order),
            "one": self.one,
            "other_order": list(self.other_order),
            "other": self.other,
        }

    @staticmethod
    def _end(order: tuple[str, ...], definition: str | None) -> str:
        what = "not there" if definition is None else definition or "there"
        return f"{what} when {order[-1]} is last"


@dataclass(frozen=True)
class Verdict:
    """What the replays have shown."""

    outcome: Outcome
    reason: str
    """Why they do not commute, or why that is not proven; "" where the differences say it, or they commute."""
    rows: tuple[RowWork, ...] = ()
    touched: tuple[Touch, ...] = ()
    differences: tuple[Difference, ...] = ()
    column_orders: tuple[str, ...] = ()
    """Tables whose columns stand in another order, depending on the order of the branches."""

    @property
    def is_open(self) -> bool:
        """Whether something is not proven, and nothing speaks against it: a replay, or rows of a shared table."""
        shared = any(work.shared for work in self.rows)
        return self.outcome is Outcome.UNPROVEN or (self.outcome is Outcome.COMMUTE and shared)

    @property
    def result(self) -> str:
        """The one line that says it."""
        if self.outcome is Outcome.COMMUTE:
            return "The branches commute: either order gives the same schema."
        if self.outcome is Outcome.UNPROVEN:
            return f"Not proven: {self.reason}"
        return f"They do not commute: {self.reason or f'{len(self.differences)} object(s) depend on the order.'}"

    def lines(self) -> Iterator[str]:
        """All that there is to tell, the result last."""
        if self.touched:
            yield "Touched by more than one branch:"
            yield from (f"  {touch.line}" for touch in self.touched)
        yield from (work.line for work in self.rows)
        for table in self.column_orders:
            yield f"The columns of {table} stand in another order, depending on which branch is first: no conflict."
        yield self.result
        yield from (f"  {each.line}" for each in self.differences)

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {
            "verdict": self.outcome.value,
            "reason": self.reason or None,
            "touched": [each.as_json() for each in self.touched],
            "differences": [each.as_json() for each in self.differences],
            "rows": [each.as_json() for each in self.rows],
            "column_orders": list(self.column_orders),
        }
