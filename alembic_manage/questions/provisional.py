"""Takes the safe answer, or a provisional one, and remembers what stays open."""

from __future__ import annotations

from alembic_manage.questions.answer import Answer
from alembic_manage.questions.question import Question


class ProvisionalQuestioner:
    """Answers where nobody is there."""

    def __init__(self) -> None:
        self.open: list[Question] = []
        """Questions without an answer, in the order in which they were asked."""
        self.taken: list[Question] = []
        """Questions that got their safe answer."""

    def ask(self, question: Question) -> Answer:
        """The safe answer; where there is none the provisional one, and the question stays open."""
        (self.taken if question.safe_answer is not None else self.open).append(question)
        return question.provisional_answer
