"""Where a column stands among the columns that stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

Place: TypeAlias = Literal["kept", "end", "moved", "moved to the end", "unknown"]


class Places:
    """The places of a table's columns before and after.

    They tell something where the columns that stay are in one order on both sides: a column that is renamed in a model
    keeps its line. A history that appended columns which the models have elsewhere tells nothing.

    Args:
        before: the names of all columns before, in order.
        gone: those that are looked at.
        after: the names of all columns after, in order.
        come: those that are looked at.
    """

    def __init__(
        self, before: Sequence[str], gone: Collection[str], after: Sequence[str], come: Collection[str]
    ) -> None:
        kept = [name for name in before if name not in gone]
        self._is_known = kept == [name for name in after if name not in come] and bool(kept)
        self._old, self._new, self._kept = _places(before, gone), _places(after, come), len(kept)

    def relation(self, old: str, new: str) -> Place:
        """How the place of `new` relates to that of `old`.

        "kept": the same columns are before and after it. "end": so they are, but it is the last, as every new column
        is. "moved": another place. "moved to the end": others stood after it, and now it is the last. "unknown":
        the places tell nothing.
        """
        if not self._is_known:
            return "unknown"
        if self._old[old][0] != self._new[new][0]:
            return "moved to the end" if self._new[new][0] == self._kept else "moved"
        return "end" if self._old[old][0] == self._kept else "kept"

    def in_step(self, old: str, new: str) -> float:
        """Whether the one stands in the gap between two columns that stay where the other stood: 1 or 0.

        0.5 where more are gone from the gap than have come, or fewer: then some are not renamed, whichever.
        """
        if not self._is_known or self._old[old] != self._new[new]:
            return 0.0
        gap = self._old[old][0]
        return 1.0 if _number(self._old, gap) == _number(self._new, gap) else 0.5

    def share_gap(self, one: str, other: str) -> bool:
        """Whether two columns that are gone stood between the same columns that stay."""
        return self._old[one][0] == self._old[other][0]

    def share_new_gap(self, one: str, other: str) -> bool:
        """Whether two columns that have come stand between the same columns that stay."""
        return self._new[one][0] == self._new[other][0]


def _number(places: Mapping[str, tuple[int, int]], gap: int) -> int:
    """How many columns are in a gap."""
    return sum(found == gap for found, _ in places.values())


def _places(names: Sequence[str], changed: Collection[str]) -> dict[str, tuple[int, int]]:
    """Of each column that is looked at: how many that stay are before it, and its number in the gap between them."""
    found: dict[str, tuple[int, int]] = {}
    kept, gap = 0, 0
    for name in names:
        if name in changed:
            found[name] = kept, gap
            gap += 1
        else:
            kept, gap = kept + 1, 0
    return found
