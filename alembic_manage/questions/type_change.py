"""Do the values fit the new type?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_manage.questions.answer import Answer, Later, Proceed, Value
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.values import parse_value, value_of

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect


@dataclass(frozen=True)
class TypeChangeQuestion(Question):
    """A column gets a type that not every value of the old one fits."""

    old: str
    """The old type as SQL."""
    new: str
    """The new type as SQL."""
    loses: bool
    """Whether values may be changed without a word (rounded, cut); else one that does not fit stops the migration."""
    example: str
    """A value of the new type, for the hint."""
    stays: bool = False
    """Whether a value that does not fit stays as it is, as SQLite has it."""
    takes_value: bool = True
    """Whether the database can tell which values do not fit."""
    becomes_not_null: bool = False
    """Whether --default says what is in the place of NULL: then it must not take the place of values too."""

    @property
    def text(self) -> str:
        """What happens to values that do not fit."""
        what = "stay as they are" if self.stays else "stop the migration"
        what = "are cut or rounded" if self.loses else what
        return f"{self.path} changes from {self.old} to {self.new}. Values that do not fit {what}."

    @property
    def choices(self) -> Sequence[Choice]:
        """Go on, a value for those that do not fit, or later."""
        value = "values that do not fit get a value, which you type next"
        flag = None if self.becomes_not_null else f"--default {self.path}={self.example}"
        later = "leave the type for now; the next makemigrations asks again"
        found = [
            ("go on", f"--proceed {self.path}", Proceed()),
            *([(value, flag, None)] if self.takes_value else []),
            (later, f"--later {self.path}", Later()),
        ]
        return [Choice(str(number), *each) for number, each in enumerate(found, start=1)]

    @property
    def safe_answer(self) -> Answer | None:
        """A migration that stops loses nothing; one that rounds does."""
        return None if self.loses else Proceed()

    @property
    def value_text(self) -> str:
        """The new type, and an example."""
        return value_of(self.new, self.example)

    def value(self, typed: str, rules: Dialect) -> Value:
        """A value of the new type."""
        return parse_value(typed, self.new, rules)
