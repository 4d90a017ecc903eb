"""Why a revision that stopped halfway cannot go on by itself, and what to type then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.errors import ExitCode, RevisionStoppedError, UsageError
from alembic_manage.plan import Direction
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.execution.journal.entry import Entry
    from alembic_manage.plan import Step


class Refusals:
    """The errors for one revision.

    Args:
        step: the revision, and its direction.
    """

    def __init__(self, step: Step) -> None:
        self.step = step

    def number(self, resume_at: int, numbered: int) -> UsageError:
        """The error for a number of a statement that the journal has not.

        Args:
            resume_at: the number.
            numbered: how many statements it has.
        """
        return UsageError(
            f"Migration {self.step.revision.id} stopped at its statement {numbered}, so it cannot go on at "
            f"{resume_at}.",
            hint=f"{self._command} --resume-at {numbered + 1}",
        )

    def changed(self, numbered: int) -> RevisionStoppedError:
        """The error for a file that was edited after `numbered` statements of it."""
        return self._stopped(
            f"the file was changed since: {self.step.revision.path.name} does something else now than when "
            f"{counted(numbered, 'statement')} of it ran or began. Put it back as it was, or say with which "
            "statement of the new file to go on",
            numbered,
        )

    def other(self, expected: Entry, found: str, number: int, stays: int) -> RevisionStoppedError:
        """The error for a statement that was another one in the run before.

        Args:
            expected: the statement of then.
            found: that of now.
            number: of the statement.
            stays: how many statements stay in effect.
        """
        return self._stopped(f"statement {number} was '{expected.text[:60]}' then, and now it is '{found[:60]}'", stays)

    def temporary(self, entry: Entry, stays: int) -> RevisionStoppedError:
        """The error for a temporary table that is needed again, while `stays` statements stay in effect."""
        return self._stopped(f"its temporary table went with the session ({entry.text[:60]})", stays)

    def unknown(self, entry: Entry, number: int) -> RevisionStoppedError:
        """The error for a statement of which nothing tells whether it took effect."""
        return RevisionStoppedError(
            f"{self._what}: nothing tells whether its statement {number} took effect ({entry.text[:100]}). "
            "Look for yourself, and say so.",
            hint=f"it did: {self._command} --resume-after {number}; it did not: {self._command} --resume-at {number}",
            returncode=ExitCode.STOPPED_PARTWAY,
        )

    def _stopped(self, why: str, stays: int) -> RevisionStoppedError:
        return RevisionStoppedError(
            f"{self._what}, and cannot go on by itself: {why}.",
            hint=f"after statement {stays}: {self._command} --resume-after {stays}; without them: "
            f"{self._command} --resume-at 1",
            returncode=ExitCode.STOPPED_PARTWAY,
        )

    @property
    def _what(self) -> str:
        word = "Migration" if self.step.direction is Direction.UPGRADE else "Taking back"
        return f"{word} {self.step.revision.id} had stopped halfway"

    @property
    def _command(self) -> str:
        name = "migrate" if self.step.direction is Direction.UPGRADE else "rollback"
        return f"python manage.py {name}"
