"""Answers from the command line find their questions, and those that found none are known."""

from __future__ import annotations

import pytest

from alembic_manage.questions import (
    Choice,
    Given,
    NotNullQuestion,
    RemovedValueQuestion,
    RenameQuestion,
    TypeChangeQuestion,
)


def flag_of(choice: Choice | None) -> str | None:
    return choice.flag.split()[0] if choice is not None and choice.flag is not None else None


def test_rename_is_answered_with_the_name_that_was_given(rename: RenameQuestion) -> None:
    assert flag_of(Given(renames={"orders.placed": "orders.placed_at"}).choice_for(rename)) == "--rename"
    assert Given(renames={"orders.placed": "orders.sent_at"}).choice_for(rename) is None
    assert flag_of(Given(not_renamed=frozenset({"orders.placed"})).choice_for(rename)) == "--no-rename"


def test_value_answers_where_a_value_is_asked_for(not_null: NotNullQuestion, rename: RenameQuestion) -> None:
    given = Given(values={"orders.total": "0", "orders.placed": "0"})
    assert flag_of(given.choice_for(not_null)) == "--default"
    assert given.choice_for(rename) is None


def test_later_and_proceed_answer_where_they_are_choices(
    not_null: NotNullQuestion, type_change: TypeChangeQuestion
) -> None:
    assert flag_of(Given(later=frozenset({"orders.total"})).choice_for(not_null)) == "--later"
    assert Given(proceed=frozenset({"orders.total"})).choice_for(not_null) is None
    assert flag_of(Given(proceed=frozenset({"orders.code"})).choice_for(type_change)) == "--proceed"


TYPE_BESIDE_NOT_NULL = TypeChangeQuestion("orders.total", "TEXT", "INTEGER", False, "0", becomes_not_null=True)
BECOMES_NOT_NULL = NotNullQuestion("orders.total", "INTEGER", False, "0")


def test_the_value_for_null_is_not_that_for_values_that_do_not_fit() -> None:
    given = Given(values={"orders.total": "0"})
    assert given.choice_for(TYPE_BESIDE_NOT_NULL) is None
    assert flag_of(given.choice_for(BECOMES_NOT_NULL)) == "--default"


def test_two_options_about_one_path_answer_the_question_that_each_fits() -> None:
    given = Given(values={"orders.total": "0"}, proceed=frozenset({"orders.total"}))
    given.choice_for(TYPE_BESIDE_NOT_NULL)
    assert [option for option, _ in given.unused()] == ["--default orders.total=0"]
    given.choice_for(BECOMES_NOT_NULL)
    assert list(given.unused()) == []


def test_what_answered_nothing_is_left_over(removed_value: RemovedValueQuestion) -> None:
    given = Given(
        renames={"orders.a": "orders.b"},
        not_renamed=frozenset({"orders.c"}),
        values={"status.lost": "open", "orders.d": "0"},
        later=frozenset({"orders.e"}),
        proceed=frozenset({"orders.f"}),
    )
    given.choice_for(removed_value)
    assert list(given.unused()) == [
        ("--rename orders.a:orders.b", "orders.a"),
        ("--no-rename orders.c", "orders.c"),
        ("--default orders.d=0", "orders.d"),
        ("--later orders.e", "orders.e"),
        ("--proceed orders.f", "orders.f"),
    ]


def test_rename_that_was_done_without_a_question_is_used() -> None:
    given = Given(renames={"orders.a": "orders.b"})
    given.used.add("orders.a")
    assert list(given.unused()) == []


def test_no_rename_holds_for_what_is_gone_without_a_question() -> None:
    assert list(Given(not_renamed=frozenset({"orders.c"})).unused(gone={"orders.c"})) == []


@pytest.mark.parametrize("given", [Given(), Given(used={"orders.a"})])
def test_nothing_given_is_false(given: Given) -> None:
    assert not given
