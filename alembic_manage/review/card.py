"""What a review says of each migration, before it is written as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_manage.history import Revision
from alembic_manage.lock_trace.trace import LockTrace
from alembic_manage.outline.change import Change
from alembic_manage.review.effect import Effect

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding


@dataclass(frozen=True)
class DatabasePart:
    """The SQL of a migration on one kind of database, with its locks."""

    names: tuple[str, ...]
    """The aliases for which it is the same."""
    title: str
    """The kind: "PostgreSQL"."""
    trace: LockTrace | None
    """None where the SQL is not known."""
    reason: str = ""
    """Why it is not known."""


@dataclass(frozen=True)
class Card:
    """One migration."""

    revision: Revision
    path: str
    """Of its file, as it is shown."""
    parents: tuple[str, ...]
    """What it follows, and what it depends on."""
    children: tuple[str, ...]
    """What follows it."""
    changes: tuple[Change, ...]
    """What upgrade() says that it does."""
    effect: Effect
    losses: tuple[str, ...]
    """What is lost on the way up and on the way back, a sentence each."""
    databases: tuple[DatabasePart, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_applied: bool | None = None
    """Whether it is applied on the chosen database; None where nobody knows."""


@dataclass(frozen=True)
class Review:
    """All that the page says."""

    title: str
    """The project's."""
    scope: str
    """Which migrations they are, and why: "not in origin/main"."""
    cards: tuple[Card, ...]
    """In the order in which they run."""
    graph: Sequence[tuple[str, Sequence[str]]]
    """The migrations of the drawing with their parents among them, newest first."""
    notes: tuple[str, ...] = field(default=())
    """What is not in the review, and why, a line each."""
