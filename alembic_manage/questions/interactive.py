"""Asks the person at the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.console import OutputWrapper, Style, ask
from alembic_manage.dialects import Dialect
from alembic_manage.errors import UnansweredQuestionError
from alembic_manage.questions.answer import Answer, Value
from alembic_manage.questions.fixed import FixedQuestioner
from alembic_manage.questions.given import Given
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.values import ValueProblem

HINT = "python manage.py makemigrations --no-input, to see the options that answer without a person"
_QUIT = "q"
_WORDS = {"yes": "y", "no": "n", "quit": _QUIT}


class InteractiveQuestioner(FixedQuestioner):
    """Asks what the command line leaves open; nothing has a default, so Enter asks again.

    Args:
        given: the answers from the command line.
        kinds: of the databases that a value must suit, that of the comparison first.
        out: where the questions are shown.
        style: its colours.
    """

    def __init__(self, given: Given, kinds: Sequence[Dialect], out: OutputWrapper, style: Style) -> None:
        super().__init__(given, kinds)
        self.out = out
        self.style = style

    def _answer(self, question: Question) -> Answer:
        """What the person says; the safe answer where the question is not for a person.

        Raises:
            UnansweredQuestionError: the person quit, or the input ended.
        """
        if not question.is_for_a_person and question.safe_answer is not None:
            return super()._answer(question)
        choice = self._choice(question)
        return choice.answer if choice.answer is not None else self._value(question)

    def _choice(self, question: Question) -> Choice:
        by_key = {choice.key: choice for choice in question.choices}
        self.out.write(question.text, self.style.WARNING)
        for key, text in [(each.key, each.text) for each in question.choices] + [(_QUIT, "quit; nothing is written")]:
            self.out.write(f"  [{key}] {text}")
        keys = ", ".join([*by_key, _QUIT])
        typed = self._ask(f"Your answer ({keys}): ").lower()
        while (key := _WORDS.get(typed, typed)) not in by_key:
            if key == _QUIT:
                raise UnansweredQuestionError("You quit; nothing was written.", hint=HINT)
            typed = self._ask(f"Please type one of: {keys}: ").lower()
        return by_key[key]

    def _value(self, question: Question) -> Value:
        """The value that is typed after a choice; asked again until it fits."""
        typed = self._ask(f"Type {question.value_text}: ")
        while True:
            try:
                if typed:
                    return self.value(question, typed)
                problem = "An empty text is typed as ''."
            except ValueProblem as error:
                problem = str(error)
            typed = self._ask(f"{problem} Please type {question.value_text}: ")

    def _ask(self, prompt: str) -> str:
        return ask(prompt, hint=HINT, out=self.out)
