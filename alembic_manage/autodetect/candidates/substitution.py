"""Words that were replaced by others, in several names at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from alembic_manage.autodetect.candidates.name_similarity import words

Substitution: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


def substitution(old: str, new: str) -> Substitution:
    """The words that only the one name has, and those that only the other has: (("activity",), ("workout",))."""
    one, other = words(old), words(new)
    return tuple(word for word in one if word not in other), tuple(word for word in other if word not in one)


class Substitutions:
    """How often each substitution is possible.

    Args:
        pairs: pairs of an old and a new name, with the table in which they may belong together.
    """

    def __init__(self, pairs: Iterable[tuple[str, str, str]]) -> None:
        known = {(table, old, substitution(old, new)) for table, old, new in pairs}
        self._counts = Counter(found for _, _, found in known)

    def others(self, old: str, new: str) -> int:
        """How many other columns may have undergone the same substitution."""
        return max(0, self._counts[substitution(old, new)] - 1)
