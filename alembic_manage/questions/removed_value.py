"""What becomes of rows that hold an enum value which is gone?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_manage.questions.answer import Answer, Later, Proceed, Value
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.values import ValueProblem

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect


@dataclass(frozen=True)
class RemovedValueQuestion(Question):
    """A value of an enum is removed."""

    values: tuple[str, ...]
    """The values that stay."""

    @property
    def text(self) -> str:
        """What is asked."""
        return f"The enum value {self.path} is removed. What becomes of rows that hold it?"

    @property
    def choices(self) -> Sequence[Choice]:
        """Another value, stop, or later."""
        return [
            Choice("1", "they get another value, which you type next", f"--default {self.path}={self.values[0]}", None),
            Choice("2", "there are none; a row that holds it stops the migration", f"--proceed {self.path}", Proceed()),
            Choice("3", "leave it for now; the next makemigrations asks again", f"--later {self.path}", Later()),
        ]

    @property
    def safe_answer(self) -> Answer | None:
        """A migration that stops loses nothing."""
        return Proceed()

    @property
    def value_text(self) -> str:
        """The values that stay."""
        return f"one of {', '.join(self.values)}"

    def value(self, typed: str, rules: Dialect) -> Value:
        """One of the values that stay, with or without quotes; or NULL."""
        if typed.strip().upper() == "NULL" and typed not in self.values:
            return Value("NULL")
        found = typed.strip()
        if found not in self.values and len(found) > 1 and found[0] == found[-1] and found[0] in "'\"":
            found = found[1:-1]
        if found not in self.values:
            raise ValueProblem(f"{typed} is none of {', '.join(self.values)}.")
        return Value(rules.text_literal(found))
