"""A question, with its choices and the flags that answer it without a person."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_manage.questions.answer import Answer, Value
from alembic_manage.questions.values import ValueProblem

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect


@dataclass(frozen=True)
class Choice:
    """One way to answer."""

    key: str
    """What a person types: "1", "y", "n"."""
    text: str
    """What it means, in a few words."""
    flag: str | None
    """The option of makemigrations that says the same: "--no-rename orders.placed"; None where only a person can."""
    answer: Answer | None
    """None where a value is typed next; see Question.value."""


@dataclass(frozen=True)
class Question(ABC):
    """What only a person knows about one object."""

    path: str
    """The object, as flags name it: "orders.placed", "reporting.orders", "status.open"."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The question, without its choices."""

    @property
    @abstractmethod
    def choices(self) -> Sequence[Choice]:
        """The ways to answer, but for quitting, which is always possible."""

    @property
    def safe_answer(self) -> Answer | None:
        """The answer that loses no data, taken where nobody answers; None where the question then stays open."""
        return None

    @property
    def provisional_answer(self) -> Answer:
        """What a dry run shows where the question is open."""
        return self.safe_answer or next(each.answer for each in self.choices if each.answer is not None)

    @property
    def is_for_a_person(self) -> bool:
        """Whether it is asked on a terminal; else its safe answer is taken there too."""
        return True

    @property
    def taken_text(self) -> str:
        """What the safe answer means, in one line, once it is taken."""
        return f"{self.text} Taken: {self.choice_of(self.safe_answer).text}."

    @property
    def value_text(self) -> str:
        """What is to be typed where a choice takes a value: "INTEGER, such as 0"."""
        return "a value"

    def value(self, typed: str, rules: Dialect) -> Value:
        """What a person typed as a value, as SQL.

        Args:
            typed: a literal, or a call of a function that is known by name.
            rules: of the database that the SQL is for.

        Raises:
            ValueProblem: it does not fit, or the question takes no value.
        """
        raise ValueProblem(f"{self.path} takes no value.")

    def choice_of(self, answer: Answer | None) -> Choice:
        """The choice that gives this answer; the one that takes a value for a Value."""
        wanted = None if isinstance(answer, Value) else answer
        return next(each for each in self.choices if each.answer == wanted)

    @property
    def name(self) -> str:
        """The kind of question, for programs: "rename", "not_null", "type_change"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__.removesuffix("Question")).lower()
