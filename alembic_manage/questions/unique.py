"""Are the rows that are there unique?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alembic_manage.questions.answer import Answer, Later, Proceed
from alembic_manage.questions.question import Choice, Question


@dataclass(frozen=True)
class UniqueQuestion(Question):
    """A UNIQUE on columns of a table that may hold rows."""

    columns: tuple[str, ...]

    @property
    def text(self) -> str:
        """What happens to duplicates."""
        return f"{self.path} makes ({', '.join(self.columns)}) unique. Rows that are equal there stop the migration."

    @property
    def choices(self) -> Sequence[Choice]:
        """Go on, or later."""
        return [
            Choice("1", "go on: there are none, or I take care of them before", f"--proceed {self.path}", Proceed()),
            Choice("2", "leave it out for now; the next makemigrations asks again", f"--later {self.path}", Later()),
        ]

    @property
    def safe_answer(self) -> Answer | None:
        """A migration that stops loses nothing."""
        return Proceed()
