"""Questions in print."""

from __future__ import annotations

import pytest

from alembic_manage.errors import UsageError
from alembic_manage.outline.change import Change
from alembic_manage.questions import (
    FixedQuestioner,
    Given,
    NotNullQuestion,
    RenameQuestion,
    TypeChangeQuestion,
    UniqueQuestion,
)
from alembic_manage.questions.listing import open_lines, questions_as_json, require_used, taken_lines

GONE = Change("-", "drop_column", "Remove column placed from orders", "orders", "placed")
NEW_TABLE = Change("+", "create_table", "Create table carts", "carts", "carts", "shop")


def test_open_question_is_followed_by_the_option_of_each_choice(
    rename: RenameQuestion, not_null: NotNullQuestion
) -> None:
    assert list(open_lines([rename, not_null])) == [
        "Was the column orders.placed renamed to orders.placed_at? (DATE becomes TIMESTAMP)",
        "  --rename orders.placed:orders.placed_at   yes, renamed",
        "  --no-rename orders.placed                 no, dropped with its data",
        "The new column orders.total (INTEGER) is NOT NULL. What do rows get that are there already?",
        "  --default orders.total=0   a value",
        "  --later orders.total       leave it nullable for now; the next makemigrations asks again",
    ]


def test_option_is_quoted_for_a_shell() -> None:
    question = NotNullQuestion("orders.placed", "TIMESTAMP", True, "now()")
    assert next(line for line in open_lines([question]) if "--default" in line).startswith(
        "  --default 'orders.placed=now()'  "
    )


def test_taken_answer_is_one_line_with_the_option_for_the_other(
    index_rename: RenameQuestion, unique: UniqueQuestion, type_change: TypeChangeQuestion
) -> None:
    assert list(taken_lines([index_rename, unique, type_change])) == [
        "Taken as renamed: the index orders.ix_placed to orders.ix_placed_at. Otherwise: --no-rename orders.ix_placed",
        "orders.uq_orders_code makes (code, shop) unique. Rows that are equal there stop the migration. "
        "Taken: go on: there are none, or I take care of them before. Otherwise: --later orders.uq_orders_code",
        "orders.code changes from VARCHAR(20) to INTEGER. Values that do not fit stop the migration. Taken: go on. "
        "Otherwise: --default orders.code=0 or --later orders.code",
    ]


def test_choice_that_only_a_person_has_is_no_option() -> None:
    beside = TypeChangeQuestion("orders.code", "TEXT", "INTEGER", True, "0", becomes_not_null=True)
    assert [line.split("  ")[1] for line in list(open_lines([beside]))[1:]] == [
        "--proceed orders.code",
        "--later orders.code",
    ]


def test_json_has_every_question_and_whether_it_is_answered(rename: RenameQuestion, unique: UniqueQuestion) -> None:
    questioner = FixedQuestioner()
    questioner.ask(rename)
    questioner.ask(unique)
    first, second = questions_as_json(questioner)
    assert first == {
        "path": "orders.placed",
        "kind": "rename",
        "text": rename.text,
        "choices": [
            {"flag": "--rename orders.placed:orders.placed_at", "text": "yes, renamed"},
            {"flag": "--no-rename orders.placed", "text": "no, dropped with its data"},
        ],
        "answered": False,
    }
    assert (second["kind"], second["answered"]) == ("unique", True)


def test_option_that_answered_nothing_is_wrong_usage_with_the_nearest_path() -> None:
    questioner = FixedQuestioner(Given(renames={"orders.plcaed": "orders.placed_at"}))
    with pytest.raises(UsageError) as caught:
        require_used(questioner, [GONE])
    assert str(caught.value) == (
        "--rename orders.plcaed:orders.placed_at answers nothing: nothing called orders.plcaed is gone or asked "
        "about; nearest: orders.placed. Nothing was written."
    )


def test_nearest_path_has_the_schema_of_its_table() -> None:
    questioner = FixedQuestioner(Given(later=frozenset({"shop.cart"})))
    with pytest.raises(UsageError, match=r"nearest: shop\.carts\."):
        require_used(questioner, [NEW_TABLE])


def test_option_about_what_is_there_but_not_asked_says_so() -> None:
    questioner = FixedQuestioner(Given(values={"orders.placed": "0"}))
    with pytest.raises(UsageError, match=r"nothing is asked about orders\.placed that it answers"):
        require_used(questioner, [GONE])


def test_new_name_that_is_not_there_is_told_with_the_nearest(rename: RenameQuestion) -> None:
    questioner = FixedQuestioner(Given(renames={"orders.placed": "orders.plcaed_at"}))
    questioner.ask(rename)
    with pytest.raises(UsageError) as caught:
        require_used(questioner, [])
    assert str(caught.value) == (
        "--rename orders.placed:orders.plcaed_at answers nothing: nothing called orders.plcaed_at has come in its "
        "place; nearest: orders.placed_at. Nothing was written."
    )


def test_nearest_path_is_that_of_the_renamed_table(rename: RenameQuestion) -> None:
    given = Given(renames={"carts": "orders"}, not_renamed=frozenset({"carts.placed"}), used={"carts"})
    questioner = FixedQuestioner(given)
    questioner.ask(rename)
    with pytest.raises(UsageError, match=r"nothing called carts\.placed is gone .*; nearest: orders\.placed\."):
        require_used(questioner, [Change("~", "rename_index", "Rename index carts_placed to b", "", "carts_placed")])


def test_no_rename_of_what_is_dropped_anyway_is_used() -> None:
    require_used(FixedQuestioner(Given(not_renamed=frozenset({"orders.placed"}))), [GONE])


def test_option_that_answered_is_used(not_null: NotNullQuestion) -> None:
    questioner = FixedQuestioner(Given(values={"orders.total": "0"}))
    questioner.ask(not_null)
    require_used(questioner, [])
