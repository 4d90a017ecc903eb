"""Who answers."""

from __future__ import annotations

from typing import Protocol

from alembic_manage.questions.answer import Answer
from alembic_manage.questions.question import Question


class Questioner(Protocol):
    """Answers questions; the same question gets the same answer."""

    def ask(self, question: Question) -> Answer:
        """The answer; a provisional one where the question stays open, which whoever made the questioner finds out.

        Raises:
            UnansweredQuestionError: the person quit, or the input ended.
        """
