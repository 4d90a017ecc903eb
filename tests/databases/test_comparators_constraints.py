"""Changes of constraints and indexes: found on the history state, written, run up, down and up with rows, and gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import CheckConstraint, Column, Enum, Integer, MetaData, String, Table
from support.autodetection import Evolution


def orders(*elements: object) -> MetaData:
    """A table of orders with these columns and constraints."""
    models = MetaData()
    Table(
        "orders",
        models,
        Column("id", Integer, primary_key=True),
        Column("amount", Integer, nullable=False),
        Column("state", String(20)),
        *elements,
    )
    return models


ROWS = "INSERT INTO orders (id, amount, state) VALUES (1, 5, 'open'), (2, 7, 'done')"
Made = Callable[[], MetaData]


def check(text: str, name: str | None = None) -> Made:
    return lambda: orders(CheckConstraint(text, name=name))


CHECKS = {
    "added": (orders, check("amount > 0", "positive")),
    "added_unnamed": (orders, check("amount > 0")),
    "removed": (check("amount > 0", "positive"), orders),
    "removed_unnamed": (check("amount > 0"), orders),
    "changed": (check("amount > 0", "positive"), check("amount > 0 AND amount < 100", "positive")),
    "changed_unnamed": (check("amount > 0"), check("amount > 1")),
    "with_a_percent_sign_and_a_colon": (orders, check("state LIKE '%e%' AND state <> ':x'", "text")),
    "of_a_list": (check("state IN ('open', 'done')", "k"), check("state IN ('open', 'done', 'lost')", "k")),
}


@pytest.mark.parametrize("case", CHECKS)
def test_a_check(evolution: Evolution, case: str) -> None:
    before, after = CHECKS[case]
    evolution.become(before())
    evolution.execute(ROWS)
    assert evolution.write(after()), "nothing was found"
    evolution.assert_up_down_up()
