"""A question, with its choices and the flags that answer it without a person."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from alembic_manage.questions.answer import Answer


@dataclass(frozen=True)
class Choice:
    """One way to answer."""

    key: str
    """What a person types: "1", "y", "n"."""
    text: str
    """What it means, in a few words."""
    flag: str
    """The option of makemigrations that says the same: "--no-rename orders.placed"."""
    answer: Answer | None
    """None where a value is typed next; see Question.takes_value."""


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
