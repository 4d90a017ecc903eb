"""The branches between several heads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from alembic_manage.history import History, Revision


@dataclass(frozen=True)
class Branch:
    """What leads to one head and not to all of them."""

    head: Revision
    revisions: tuple[Revision, ...]
    """In an order in which they can run."""

    @property
    def name(self) -> str:
        """What people call it: the id of its head."""
        return self.head.id

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its revisions."""
        return frozenset(revision.id for revision in self.revisions)


@dataclass(frozen=True)
class Fork:
    """Branches and where they come from."""

    shared: tuple[Revision, ...]
    """What all branches follow, in order; empty where they have nothing in common."""
    branches: tuple[Branch, ...]
    """One a head, in the order of the heads."""

    @classmethod
    def of(cls, history: History, heads: Collection[str]) -> Fork:
        """The branches that lead to these revisions.

        Args:
            history: a sound history.
            heads: ids; no one of them needs another.
        """
        reached = {id: history.ancestors([id]) for id in heads}
        shared = frozenset.intersection(*reached.values()) if reached else frozenset()
        branches = (Branch(history.by_id[id], history.in_order(found - shared)) for id, found in reached.items())
        return cls(history.in_order(shared), tuple(branches))

    @property
    def revisions(self) -> frozenset[str]:
        """The ids of all branches."""
        return frozenset().union(*(branch.ids for branch in self.branches))
