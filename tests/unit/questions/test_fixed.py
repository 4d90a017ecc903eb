"""Who answers where nobody is there: the options, then what loses nothing, then nobody."""

from __future__ import annotations

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import UsageError
from alembic_manage.questions import (
    Dropped,
    FixedQuestioner,
    Given,
    Later,
    NotNullQuestion,
    Proceed,
    Renamed,
    RenameQuestion,
    TypeChangeQuestion,
    UniqueQuestion,
    Value,
)

POSTGRESQL = dialect_named("postgresql")


def test_safe_answer_is_taken_and_remembered(
    index_rename: RenameQuestion, unique: UniqueQuestion, type_change: TypeChangeQuestion
) -> None:
    questioner = FixedQuestioner()
    asked = [index_rename, unique, type_change]
    assert [questioner.ask(each) for each in asked] == [Renamed("orders.ix_placed_at"), Proceed(), Proceed()]
    assert (questioner.taken, questioner.open) == (asked, [])


def test_question_without_a_safe_answer_stays_open(
    rename: RenameQuestion, not_null: NotNullQuestion, rounding: TypeChangeQuestion
) -> None:
    questioner = FixedQuestioner()
    asked = [rename, not_null, rounding]
    assert [questioner.ask(each) for each in asked] == [Renamed("orders.placed_at"), Later(), Proceed()]
    assert (questioner.taken, questioner.open) == ([], asked)


def test_given_answer_closes_a_question(rename: RenameQuestion, unique: UniqueQuestion) -> None:
    questioner = FixedQuestioner(
        Given(not_renamed=frozenset({"orders.placed"}), later=frozenset({"orders.uq_orders_code"}))
    )
    assert (questioner.ask(rename), questioner.ask(unique)) == (Dropped(), Later())
    assert (questioner.taken, questioner.open) == ([], [])


def test_given_value_is_sql_of_the_database(not_null: NotNullQuestion) -> None:
    assert FixedQuestioner(Given(values={"orders.total": " 7 "}), [POSTGRESQL]).ask(not_null) == Value("7")


@pytest.mark.parametrize("typed", ["abc", "null", "now()", "", "1; DROP TABLE orders"])
def test_given_value_that_does_not_fit_is_wrong_usage(not_null: NotNullQuestion, typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        FixedQuestioner(Given(values={"orders.total": typed}), [POSTGRESQL]).ask(not_null)
    assert str(caught.value).startswith(f"--default orders.total={typed}: ")
    assert caught.value.hint == "python manage.py makemigrations --default orders.total=0"


def test_value_must_suit_every_kind_of_database() -> None:
    question = NotNullQuestion("orders.placed", "TIMESTAMP", True, "now()")
    kinds = [POSTGRESQL, dialect_named("sqlite")]
    given = Given(values={"orders.placed": "now()"})
    assert FixedQuestioner(given, kinds[:1]).ask(question) == Value("now()")
    with pytest.raises(UsageError, match=r"now\(\) is not known as a function of SQLite"):
        FixedQuestioner(given, kinds).ask(question)


def test_same_question_gets_the_same_answer_and_counts_once(rename: RenameQuestion) -> None:
    questioner = FixedQuestioner()
    again = RenameQuestion(rename.path, rename.kind, rename.candidates)
    assert questioner.ask(rename) == questioner.ask(again)
    assert (list(questioner.asked), questioner.open) == ([rename], [rename])


def test_what_was_given_up_by_name_is_known(rename: RenameQuestion) -> None:
    questioner = FixedQuestioner(Given(not_renamed=frozenset({"orders.placed", "carts"})))
    questioner.ask(rename)
    assert questioner.dropped == {"orders.placed", "carts"}


def test_provisional_answer_gives_nothing_up(rename: RenameQuestion) -> None:
    questioner = FixedQuestioner()
    questioner.ask(rename)
    assert questioner.dropped == frozenset()
