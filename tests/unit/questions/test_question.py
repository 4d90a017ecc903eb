"""What every kind of question has, and what is special to each."""

from __future__ import annotations

from typing import Any

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.questions import (
    Later,
    NotNullQuestion,
    Proceed,
    Question,
    RemovedValueQuestion,
    RenameQuestion,
    TypeChangeQuestion,
    UniqueQuestion,
    Value,
)
from alembic_manage.questions.values import ValueProblem

POSTGRESQL = dialect_named("postgresql")
KINDS = ["rename", "index_rename", "not_null", "unique", "type_change", "rounding", "removed_value"]


@pytest.fixture(params=KINDS)
def question(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_every_choice_has_a_key_and_an_option_of_its_own(question: Question) -> None:
    assert len({choice.key for choice in question.choices}) == len(question.choices)
    assert len({choice.flag for choice in question.choices}) == len(question.choices)
    assert "q" not in {choice.key for choice in question.choices}


def test_every_option_names_the_path(question: Question) -> None:
    assert all(choice.flag.split(" ", 1)[1].startswith(question.path) for choice in question.choices)


def test_safe_and_provisional_answers_are_choices(question: Question) -> None:
    answers = [choice.answer for choice in question.choices]
    assert question.provisional_answer in answers
    assert question.safe_answer is None or question.safe_answer in answers


def test_names_for_programs(
    rename: RenameQuestion,
    not_null: NotNullQuestion,
    unique: UniqueQuestion,
    type_change: TypeChangeQuestion,
    removed_value: RemovedValueQuestion,
) -> None:
    names = [each.name for each in (rename, not_null, unique, type_change, removed_value)]
    assert names == ["rename", "not_null", "unique", "type_change", "removed_value"]


def test_only_renames_that_can_lose_nothing_are_not_for_a_person(
    index_rename: RenameQuestion, rename: RenameQuestion, unique: UniqueQuestion, type_change: TypeChangeQuestion
) -> None:
    assert not index_rename.is_for_a_person
    assert all(each.is_for_a_person for each in (rename, unique, type_change))


def test_choice_of_an_answer(not_null: NotNullQuestion) -> None:
    assert not_null.choice_of(Later()).flag == "--later orders.total"
    assert not_null.choice_of(Value("0")).flag == "--default orders.total=0"


def test_not_null_column_gets_no_null(not_null: NotNullQuestion) -> None:
    assert not_null.value("5", POSTGRESQL) == Value("5")
    with pytest.raises(ValueProblem, match="NULL is what the column cannot be"):
        not_null.value("null", POSTGRESQL)


def test_changed_type_takes_values_of_the_new_type_and_null(type_change: TypeChangeQuestion) -> None:
    assert type_change.value("NULL", POSTGRESQL) == Value("NULL")
    with pytest.raises(ValueProblem, match="abc is no INTEGER"):
        type_change.value("abc", POSTGRESQL)


def test_type_change_that_rounds_is_never_taken_as_answered(rounding: TypeChangeQuestion) -> None:
    assert rounding.safe_answer is None
    assert "are cut or rounded" in rounding.text


@pytest.mark.parametrize(("typed", "sql"), [("open", "'open'"), ("'open'", "'open'"), ("it's done", "'it''s done'")])
def test_removed_value_becomes_one_that_stays(removed_value: RemovedValueQuestion, typed: str, sql: str) -> None:
    assert removed_value.value(typed, POSTGRESQL) == Value(sql)


@pytest.mark.parametrize("typed", ["lost", "Open", "now()", ""])
def test_removed_value_becomes_no_other(removed_value: RemovedValueQuestion, typed: str) -> None:
    with pytest.raises(ValueProblem, match=r"is none of open, it's done"):
        removed_value.value(typed, POSTGRESQL)


def test_removed_value_may_become_null(removed_value: RemovedValueQuestion) -> None:
    assert removed_value.value("null", POSTGRESQL) == Value("NULL")


def test_question_without_values_takes_none(unique: UniqueQuestion) -> None:
    assert unique.safe_answer == Proceed()
    with pytest.raises(ValueProblem, match="takes no value"):
        unique.value("0", POSTGRESQL)


def test_several_candidates_are_numbered() -> None:
    question = RenameQuestion("orders.a", "column", (("orders.b", ""), ("orders.c", "TEXT becomes JSON")))
    assert [(choice.key, choice.text) for choice in question.choices] == [
        ("1", "renamed to orders.b"),
        ("2", "renamed to orders.c (TEXT becomes JSON)"),
        ("n", "no, dropped with its data"),
    ]
