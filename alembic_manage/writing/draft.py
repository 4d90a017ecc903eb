"""What a new revision is to do, and the file that it becomes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of_source


@dataclass(frozen=True)
class Draft:
    """What a new revision is to do."""

    upgrade: str
    """The body of upgrade(), indented by four spaces but for its first line."""
    downgrade: str
    imports: tuple[str, ...] = ()
    """Import lines that the bodies need."""
    id: str | None = None
    """The id that env.py chose in process_revision_directives; None where it left that to others."""
    phase: str | None = None
    """What the file says in `phase`, for `migrate --phase`; None for nothing."""
    word: str = ""
    """The end of its name, where it is one of several."""
    parts: tuple[Draft, ...] = ()
    """The revisions to write in place of this one, in order; empty where this one is written."""

    @classmethod
    def empty(cls) -> Draft:
        """A draft that does nothing."""
        return cls("pass", "pass")

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What upgrade() does, a change each."""
        return outline_of_source(f"def upgrade():\n    {self.upgrade}\n", "upgrade")


def first_with_changes(drafts: Collection[Draft]) -> Draft:
    """The draft to write, where env.py ran several times; an empty one where nothing changed."""
    return next((draft for draft in drafts if draft.changes), Draft.empty())


@dataclass(frozen=True)
class NewRevision:
    """A revision file before it is on disk."""

    id: str
    path: Path
    text: str
