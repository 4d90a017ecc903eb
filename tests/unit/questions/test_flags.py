"""The options that answer questions, as they are typed."""

from __future__ import annotations

import pytest

from alembic_manage.command import CommandParser
from alembic_manage.errors import UsageError
from alembic_manage.questions.flags import add_answer_arguments, given_by
from alembic_manage.questions.given import Given


def parsed(*argv: str) -> Given:
    parser = CommandParser(prog="manage.py makemigrations")
    add_answer_arguments(parser)
    return given_by(vars(parser.parse_args(list(argv))))


def test_every_option_may_be_repeated() -> None:
    given = parsed(
        *("--rename", "orders.placed:orders.placed_at", "--rename", "carts:baskets"),
        *("--no-rename", "orders.sent", "--no-rename", "orders.paid"),
        *("--default", "orders.total=0", "--default", "orders.note=a=b"),
        *("--later", "orders.code", "--proceed", "orders.uq_orders_code", "--proceed", "orders.size"),
    )
    assert given == Given(
        renames={"orders.placed": "orders.placed_at", "carts": "baskets"},
        not_renamed=frozenset({"orders.sent", "orders.paid"}),
        values={"orders.total": "0", "orders.note": "a=b"},
        later=frozenset({"orders.code"}),
        proceed=frozenset({"orders.uq_orders_code", "orders.size"}),
    )


def test_nothing_given_is_false() -> None:
    assert not parsed()
    assert parsed("--later", "orders.code")


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("orders.placed:placed_at", "orders.placed", "orders.placed_at"),
        ("reporting.orders.placed:placed_at", "reporting.orders.placed", "reporting.orders.placed_at"),
        ("reporting.orders:purchases", "reporting.orders", "reporting.purchases"),
        ("orders:purchases", "orders", "purchases"),
        ("orders:reporting.orders", "orders", "reporting.orders"),
    ],
)
def test_new_name_may_leave_out_where_it_is(text: str, old: str, new: str) -> None:
    assert parsed("--rename", text).renames == {old: new}


def test_value_may_be_empty() -> None:
    assert parsed("--default", "orders.note=").values == {"orders.note": ""}


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("--rename", "orders.placed"),
        ("--rename", "orders.placed:"),
        ("--rename", ":placed_at"),
        ("--rename", "a:b:c"),
        ("--rename", "orders.placed:placed"),
        ("--no-rename", ""),
        ("--default", "orders.total"),
        ("--default", "=0"),
        ("--later", "orders."),
        ("--proceed", "orders.code="),
    ],
)
def test_wrong_shape_is_wrong_usage_with_the_right_one(flag: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parsed(flag, text)
    assert f"is not of the form {flag} " in str(caught.value)
    assert str(caught.value.hint).startswith(f"python manage.py makemigrations {flag} orders.")


@pytest.mark.parametrize(
    "argv",
    [
        ("--rename", "t.a:t.b", "--rename", "t.a:t.c"),
        ("--rename", "t.a:t.c", "--rename", "t.b:t.c"),
        ("--rename", "t.a:t.b", "--no-rename", "t.a"),
        ("--default", "t.a=0", "--default", "t.a=1"),
        ("--default", "t.a=0", "--later", "t.a"),
        ("--proceed", "t.a", "--later", "t.a"),
    ],
)
def test_answers_that_contradict_one_another_are_wrong_usage(argv: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="contradict one another"):
        parsed(*argv)


@pytest.mark.parametrize(
    "argv",
    [
        ("--rename", "t.a:t.b", "--rename", "t.b:t.a"),
        ("--rename", "t.a:t.b", "--rename", "t.a:b"),
        ("--default", "t.a=0", "--proceed", "t.a"),
    ],
)
def test_a_swap_and_the_same_twice_are_no_contradiction(argv: tuple[str, ...]) -> None:
    assert parsed(*argv)
