"""Answers that a test has written down beforehand."""

from __future__ import annotations

from collections.abc import Iterable

from alembic_manage.questions.answer import Answer
from alembic_manage.questions.question import Question


class RecordedQuestioner:
    """Gives its answers in their order, and fails on a question that it does not expect.

    Args:
        answers: the path of each question that will be asked, with its answer.
    """

    def __init__(self, answers: Iterable[tuple[str, Answer]] = ()) -> None:
        self.left = list(answers)
        """The answers that were not needed yet."""
        self.asked: dict[Question, Answer] = {}
        """Every question with its answer, in order."""

    def ask(self, question: Question) -> Answer:
        """The next answer; the same one for the same question.

        Raises:
            AssertionError: the question is not the one that comes next.
        """
        if question not in self.asked:
            expected = self.left[0][0] if self.left else "no further question"
            if question.path != expected:
                raise AssertionError(f"Asked about {question.path}: {question.text!r}; expected: {expected}")
            self.asked[question] = self.left.pop(0)[1]
        return self.asked[question]
