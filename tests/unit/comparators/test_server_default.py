"""Server defaults, found on the history state whatever env.py says."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table
from support.comparison import lines_between

from alembic_manage.comparators.server_default import is_same_default

NAMES = ("postgresql", "mysql", "sqlite")


def orders(type_: Any = Integer, *arguments: Any, **options: Any):
    def model(metadata: MetaData) -> None:
        column = Column("total", type_, *arguments, **options)
        Table("orders", metadata, Column("id", Integer, primary_key=True), column)

    return model


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("option", [False, True, lambda *_: None], ids=["unsaid", "on", "a function"])
def test_a_default_is_found_whatever_env_py_says(name: str, option: Any):
    lines = lines_between(orders(), orders(server_default="1"), name, compare_server_default=option)
    assert "server_default='1'" in " ".join(lines)
    lines = lines_between(orders(server_default="1"), orders(), name, compare_server_default=option)
    assert "server_default=None" in " ".join(lines)
    same = lines_between(
        orders(server_default="1"), orders(server_default=sa.text("1")), name, compare_server_default=option
    )
    assert same == ["pass"]


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_env_py_has_the_first_word(name: str):
    before, after = orders(server_default="1"), orders(server_default="2")
    assert lines_between(before, after, name, compare_server_default=lambda *_: False) == ["pass"]
    assert lines_between(before, before, name, compare_server_default=lambda *_: True) != ["pass"]


def test_a_default_that_is_not_said_is_left_alone():
    assert lines_between(orders(server_default="1"), orders(server_default=sa.FetchedValue()), "postgresql") == ["pass"]


def test_the_number_of_a_serial_is_no_default():
    def key(**options: Any):
        return lambda metadata: Table("t", metadata, Column("id", Integer, primary_key=True, **options))

    assert lines_between(key(), key(), "postgresql") == ["pass"]


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("current_timestamp() ON UPDATE current_timestamp()", "now() on update CURRENT_TIMESTAMP", None),
        ("'a'::status", "'a'", sa.String()),
        ("('a'::text)::character varying", "'a'", sa.String()),
        ("'t'", "true", sa.Boolean()),
        ("'0.50'::numeric", "0.5", sa.Numeric()),
    ],
)
def test_two_spellings_of_one_default_are_the_same(one, other, type_):
    assert is_same_default(one, other, type_)


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", None),
        ("'1'", "'1.0'", sa.String()),
        ("current_user", "'current_user'", sa.String()),
        ("(1) + (2)", "(1) + (3)", sa.Integer()),
    ],
)
def test_what_only_looks_alike_is_not(one, other, type_):
    assert not is_same_default(one, other, type_)
