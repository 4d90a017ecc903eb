"""A value that the CHECKs of a table allow."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from support.states import State

from alembic_manage.autodetect.steps.checked_value import allowed_value


def allowed(type_, *checks, name="postgresql"):
    metadata = MetaData()
    constraints = [sa.CheckConstraint(text, name=f"ck{number}") for number, text in enumerate(checks)]
    Table("orders", metadata, Column("size", type_), Column("other", sa.Integer()), *constraints)
    state = State(name, metadata)
    return allowed_value(state.table("orders"), "size", type_, state.schema, state.dialect)


@pytest.mark.parametrize(
    ("checks", "value"),
    [
        ([], "0"),
        (["size >= 0"], "0"),
        (["size > 3"], "4"),
        (["size BETWEEN 5 AND 7"], "5"),
        (["size > 3", "size < 10", "size <> 4"], "9"),
        (["size IN (8, 9)"], "8"),
        (["size < 0"], "-1"),
        (["size % 2 = 1"], "3"),
        (["NOT (size < 3)"], "3"),
        (["size IS NOT NULL AND size > 1"], "2"),
    ],
)
def test_number_is_zero_or_near_to_what_the_check_names(checks, value):
    assert allowed(sa.Integer(), *checks) == value


@pytest.mark.parametrize(
    ("checks", "value"),
    [
        (["size IN ('open', 'closed')"], "'open'"),
        (["size <> ''", "length(size) = 2"], "'xx'"),
        (["char_length(size) > 3"], "'xxxx'"),
        (["upper(size) = size"], "''"),
    ],
)
def test_text_is_empty_or_named_or_as_long_as_it_must_be(checks, value):
    assert allowed(sa.String(9), *checks) == value


def test_boolean_is_false_unless_that_is_forbidden():
    assert allowed(sa.Boolean(), "size") == "true"
    assert allowed(sa.Boolean(), "size OR other > 1") == "false"


def test_check_that_is_not_understood_or_of_another_column_forbids_nothing():
    assert allowed(sa.Integer(), "pg_catalog.sin(size) > 0") == "0"
    assert allowed(sa.Integer(), "size > other", "other > 3") == "0"


def test_no_value_is_found_where_none_is_allowed_or_the_type_is_neither_number_nor_text():
    assert allowed(sa.Integer(), "size > 5 AND size < 5") is None
    assert allowed(sa.Date(), "size > '2020-01-01'") is None
    assert allowed_value(None, "size", sa.Integer(), State().schema, State().dialect) is None
