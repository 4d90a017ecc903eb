"""One revision of a history, and what may be wrong with the files of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic_manage.errors import BrokenRevisionError


@dataclass(frozen=True)
class Revision:
    """One revision file."""

    id: str
    path: Path
    down_revisions: tuple[str, ...] = ()
    """The ids in `down_revision`; empty for a base, several for a merge revision."""
    depends_on: tuple[str, ...] = ()
    """The ids in `depends_on`; branch labels there are resolved by the history."""
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    """The first line of the file's docstring."""
    phase: str | None = None
    """"expand" or "contract", where the file says so in `phase`; see docs/zero-downtime.md."""

    @property
    def is_merge(self) -> bool:
        """Whether it joins branches."""
        return len(self.down_revisions) > 1


@dataclass(frozen=True)
class Problem:
    """Why the files do not form a history."""

    kind: str
    """"unreadable", "duplicate", "missing-parent", "cycle" or "folder"."""
    message: str
    hint: str

    def as_error(self) -> BrokenRevisionError:
        """The error that a command ends with."""
        return BrokenRevisionError(self.message, hint=self.hint)
