"""Answers from the command line and, where those are silent, answers that lose nothing."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.dialects import Dialect
from alembic_manage.errors import UsageError
from alembic_manage.questions.answer import Answer, Dropped, Value
from alembic_manage.questions.given import Given
from alembic_manage.questions.question import Question
from alembic_manage.questions.typed import as_typed
from alembic_manage.questions.values import ValueProblem


class FixedQuestioner:
    """Answers where nobody is there, and remembers what was asked.

    The same question gets the same answer: env.py may compare several databases.

    Args:
        given: the answers from the command line.
        kinds: of the databases that a value must suit, that of the comparison first; none where no value is given.
    """

    def __init__(self, given: Given | None = None, kinds: Sequence[Dialect] = ()) -> None:
        self.given = given or Given()
        self.kinds = kinds or (Dialect(names=(), title="this database"),)
        self.asked: dict[Question, Answer] = {}
        """Every question with its answer, in the order in which they were asked first."""
        self.open: list[Question] = []
        """Questions that got a provisional answer."""
        self.taken: list[Question] = []
        """Questions that got their safe answer."""

    @property
    def dropped(self) -> frozenset[str]:
        """The paths of what goes because an option or a person said so."""
        said = (
            question.path
            for question, answer in self.asked.items()
            if answer == Dropped() and question not in self.open
        )
        return frozenset(said) | self.given.not_renamed

    def ask(self, question: Question) -> Answer:
        """The answer.

        Raises:
            UsageError: the command line gives a value that does not fit.
        """
        if question not in self.asked:
            answer = self._given(question)
            self.asked[question] = self._answer(question) if answer is None else answer
        return self.asked[question]

    def value(self, question: Question, typed: str) -> Value:
        """What was typed, as SQL: one revision runs on every kind of database that the project has.

        Raises:
            ValueProblem: it does not suit one of them.
        """
        first, *_ = [question.value(typed, rules) for rules in self.kinds]
        return first

    def _given(self, question: Question) -> Answer | None:
        choice = self.given.choice_for(question)
        if choice is None:
            return None
        if choice.answer is not None:
            return choice.answer
        assert choice.flag is not None  # an option made it
        typed = self.given.values[question.path]
        try:
            return self.value(question, typed)
        except ValueProblem as problem:
            raise UsageError(
                f"--default {question.path}={typed}: {problem}",
                hint=f"python manage.py makemigrations {as_typed(choice.flag)}",
            ) from problem

    def _answer(self, question: Question) -> Answer:
        """The safe answer; where there is none the provisional one, and the question stays open."""
        (self.open if question.safe_answer is None else self.taken).append(question)
        return question.provisional_answer
