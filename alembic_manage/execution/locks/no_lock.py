"""For databases that no other process can reach, and for who wants no lock."""

from __future__ import annotations

from alembic_manage.execution.locks.lock import Holder


class NoLock:
    """A lock that everybody has."""

    def try_acquire(self, holder: Holder) -> bool:
        """True."""
        return True

    def is_held(self) -> bool:
        """True."""
        return True

    def announce(self, holder: Holder) -> bool:
        """Nobody waits."""
        return True

    def holder(self) -> Holder | None:
        """Nobody."""
        return None

    def release(self) -> None:
        """Nothing to give back."""
