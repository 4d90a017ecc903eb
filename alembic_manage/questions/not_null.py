"""What do rows get that are there already?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_manage.questions.answer import Later, Value
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.values import ValueProblem, parse_value, value_of

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect


@dataclass(frozen=True)
class NotNullQuestion(Question):
    """A column is NOT NULL without a default, and the table may hold rows."""

    type_text: str
    """The column's type as SQL."""
    is_new: bool
    """Whether the column is added; else it could be NULL until now."""
    example: str
    """A value of the type, for the hint: "0", "now()"."""
    refers_to: str | None = None
    """What a foreign key of the column refers to: "users.id"."""
    is_unique: bool = False
    """Whether two rows cannot have the same value."""

    @property
    def text(self) -> str:
        """What is known, and what is asked."""
        kind = f"{self.path} ({self.type_text})"
        if self.is_new:
            asked = f"The new column {kind} is NOT NULL. What do rows get that are there already?"
        else:
            asked = f"{kind} becomes NOT NULL. What do rows get in which it is NULL?"
        return " ".join([asked, *self._conditions])

    @property
    def _conditions(self) -> Sequence[str]:
        """What a value must be, but for its type."""
        reference = [f"It must be a {self.refers_to} that exists."] if self.refers_to else []
        return [*reference, *(["It is unique: one value does for one row only."] if self.is_unique else [])]

    @property
    def choices(self) -> Sequence[Choice]:
        """A value, or later."""
        return [
            Choice("1", "a value, which you type next", f"--default {self.path}={self.example}", None),
            Choice(
                "2", "leave it nullable for now; the next makemigrations asks again", f"--later {self.path}", Later()
            ),
        ]

    @property
    def value_text(self) -> str:
        """The type, and an example."""
        return value_of(self.type_text, self.example)

    def value(self, typed: str, rules: Dialect) -> Value:
        """A value of the type, but not NULL."""
        found = parse_value(typed, self.type_text, rules)
        if found.sql == "NULL":
            raise ValueProblem("NULL is what the column cannot be.")
        return found
