"""Options as a shell takes them."""

from __future__ import annotations

import shlex

import pytest

from alembic_manage.questions.typed import as_typed


@pytest.mark.parametrize(
    "flag", ["--later orders.code", "--rename orders.placed:orders.placed_at", "--default orders.total=0"]
)
def test_what_needs_no_quotes_has_none(flag: str) -> None:
    assert as_typed(flag) == flag


@pytest.mark.parametrize("value", ["orders.placed=now()", "status.in work:status.open", "orders.note=it's", "$x"])
def test_a_shell_reads_the_value_as_one_word(value: str) -> None:
    assert shlex.split(as_typed(f"--default {value}")) == ["--default", value]


def test_option_without_a_value_is_left_alone() -> None:
    assert as_typed("--allow-drops") == "--allow-drops"
