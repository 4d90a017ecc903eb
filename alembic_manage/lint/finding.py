"""What a rule says, and what becomes of it: a finding."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_manage.history import Revision
    from alembic_manage.state.objects import Key


class Severity(IntEnum):
    """How serious a finding is."""

    NOTICE = 10
    """Worth to know."""
    WARNING = 20
    """Likely to hurt on a table in use."""
    ERROR = 30
    """Stops production, or loses data."""

    @property
    def word(self) -> str:
        """ "notice", "warning" or "error"."""
        return self.name.lower()

    def moved(self, steps: int) -> Severity:
        """Some steps higher, or lower where the number is negative; never beyond the ends."""
        levels = list(Severity)
        place = levels.index(self) + steps
        return levels[max(0, min(place, len(levels) - 1))]


@dataclass(frozen=True)
class Size:
    """How large a table is in the target database."""

    rows: int
    """As the server estimates them."""
    size_bytes: int


@dataclass(frozen=True)
class Concern:
    """What a rule has to say about a statement, a revision or a history."""

    message: str
    """One sentence with the user's own names."""
    subject: str = ""
    """The object: "orders.note", "ix_orders_status". A baseline knows a finding by it."""
    lock: str | None = None
    """The lock that is taken, on what, and what waits for it meanwhile; None where it is not about a lock."""
    fix: str | None = None
    """The corrected migration, as text with line breaks; None where there is none."""
    table: Key | None = None
    """The table whose size counts; None where none does."""
    severity: Severity | None = None
    """Another severity than the rule's own; None for that one."""
    line: int | None = None
    """The line of the revision, where it is not that of the statement."""
    revision: Revision | None = None
    """The revision that a concern about the history is about; None for the history as a whole."""


@dataclass(frozen=True)
class Finding:
    """A concern of a rule, with its place."""

    rule: str
    """The rule's id: "adding-index"."""
    severity: Severity
    message: str
    revision: str
    """The revision's id; empty where it is about the history."""
    path: Path | None
    line: int | None
    subject: str = ""
    lock: str | None = None
    fix: str | None = None
    size: Size | None = None
    """Of the table in the target database; None where it is not known."""
    databases: tuple[str, ...] = ()
    """The kinds of database that it is about; empty for all that the project has."""

    @property
    def label(self) -> str:
        """The rule, with the kinds of database where it is not about all: "adding-index, PostgreSQL"."""
        return ", ".join([self.rule, *self.databases])

    @property
    def has_page(self) -> bool:
        """Whether the rule is one of ours, and has a page."""
        return not self.rule.startswith("squawk-")

    @property
    def has_code(self) -> bool:
        """Whether the fix is Python; else it is a sentence, or there is none."""
        try:
            return self.fix is not None and bool(ast.parse(self.fix))
        except SyntaxError:
            return False

    @property
    def explain(self) -> str:
        """The command that shows the page of the rule."""
        return f"python manage.py lint --explain {self.rule}"
