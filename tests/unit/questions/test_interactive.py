"""A person at the terminal: what is shown, what is understood, what is asked again."""

from __future__ import annotations

import io
import sys

import pytest

from alembic_manage.console import OutputWrapper, Style
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import UnansweredQuestionError
from alembic_manage.questions import (
    Dropped,
    Given,
    Later,
    NotNullQuestion,
    Proceed,
    RemovedValueQuestion,
    Renamed,
    RenameQuestion,
    TypeChangeQuestion,
    UniqueQuestion,
    Value,
)
from alembic_manage.questions.interactive import InteractiveQuestioner


class Keyboard(io.StringIO):
    """Standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Person:
    """Types lines, and sees the screen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.screen = io.StringIO()

    def types(self, *lines: str, given: Given | None = None) -> InteractiveQuestioner:
        self.monkeypatch.setattr(sys, "stdin", Keyboard("".join(f"{line}\n" for line in lines)))
        out = OutputWrapper(self.screen)
        return InteractiveQuestioner(given or Given(), [dialect_named("postgresql")], out, Style(False))

    @property
    def sees(self) -> str:
        return self.screen.getvalue()


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person(monkeypatch)


def test_question_is_shown_with_its_choices_and_the_way_out(person: Person, rename: RenameQuestion) -> None:
    person.types("y").ask(rename)
    assert person.sees == (
        "Was the column orders.placed renamed to orders.placed_at? (DATE becomes TIMESTAMP)\n"
        "  [y] yes, renamed\n"
        "  [n] no, dropped with its data\n"
        "  [q] quit; nothing is written\n"
        "Your answer (y, n, q): "
    )


@pytest.mark.parametrize(
    ("typed", "answer"), [("y", Renamed("orders.placed_at")), ("YES", Renamed("orders.placed_at")), (" no ", Dropped())]
)
def test_keys_and_words_are_understood(person: Person, rename: RenameQuestion, typed: str, answer: object) -> None:
    assert person.types(typed).ask(rename) == answer


def test_enter_and_what_is_no_choice_ask_again(person: Person, rename: RenameQuestion) -> None:
    assert person.types("", "1", "yn", "n").ask(rename) == Dropped()
    assert person.sees.count("Please type one of: y, n, q: ") == 3


@pytest.mark.parametrize("typed", ["q", "Quit"])
def test_quitting_leaves_the_question_unanswered(person: Person, rename: RenameQuestion, typed: str) -> None:
    with pytest.raises(UnansweredQuestionError, match="You quit; nothing was written") as caught:
        person.types("", typed).ask(rename)
    assert caught.value.returncode == 3


def test_input_that_ends_leaves_the_question_unanswered(person: Person, not_null: NotNullQuestion) -> None:
    with pytest.raises(UnansweredQuestionError, match="ended"):
        person.types("1", "abc").ask(not_null)


def test_value_is_asked_for_next_and_again_with_the_reason(person: Person, not_null: NotNullQuestion) -> None:
    assert person.types("1", "", "abc", "null", "7").ask(not_null) == Value("7")
    assert person.sees.partition("q): ")[2] == (
        "Type a value of INTEGER, such as 0: "
        "An empty text is typed as ''. Please type a value of INTEGER, such as 0: "
        "abc is no INTEGER. Please type a value of INTEGER, such as 0: "
        "NULL is what the column cannot be. Please type a value of INTEGER, such as 0: "
    )


def test_q_where_a_value_is_typed_is_a_value(person: Person) -> None:
    assert person.types("1", "q").ask(NotNullQuestion("t.c", "TEXT", True, "")) == Value("'q'")


@pytest.mark.parametrize(
    ("question", "lines", "answer"),
    [
        ("not_null", ["2"], Later()),
        ("unique", ["1"], Proceed()),
        ("unique", ["2"], Later()),
        ("type_change", ["1"], Proceed()),
        ("type_change", ["2", "5"], Value("5")),
        ("type_change", ["3"], Later()),
        ("removed_value", ["1", "lost", "open"], Value("'open'")),
        ("removed_value", ["2"], Proceed()),
        ("removed_value", ["3"], Later()),
    ],
)
def test_every_branch(
    person: Person, request: pytest.FixtureRequest, question: str, lines: list[str], answer: object
) -> None:
    questioner = person.types(*lines)
    assert questioner.ask(request.getfixturevalue(question)) == answer
    assert (questioner.open, questioner.taken) == ([], [])


def test_what_can_lose_nothing_is_not_asked_but_taken(person: Person, index_rename: RenameQuestion) -> None:
    questioner = person.types()
    assert questioner.ask(index_rename) == Renamed("orders.ix_placed_at")
    assert (questioner.taken, person.sees) == ([index_rename], "")


def test_what_is_given_is_not_asked(person: Person, unique: UniqueQuestion) -> None:
    questioner = person.types(given=Given(later=frozenset({unique.path})))
    assert (questioner.ask(unique), person.sees) == (Later(), "")


def test_same_question_is_asked_once(person: Person, type_change: TypeChangeQuestion) -> None:
    questioner = person.types("2", "5")
    assert [questioner.ask(type_change), questioner.ask(type_change)] == [Value("5"), Value("5")]


def test_what_a_person_gives_up_is_known(person: Person, rename: RenameQuestion) -> None:
    questioner = person.types("n")
    questioner.ask(rename)
    assert questioner.dropped == {"orders.placed"}


def test_removed_value_lists_those_that_stay(person: Person, removed_value: RemovedValueQuestion) -> None:
    person.types("1", "open").ask(removed_value)
    assert person.sees.endswith("Type one of open, it's done: ")
