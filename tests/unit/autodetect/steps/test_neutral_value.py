"""Values that mean nothing."""

import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from support.states import KINDS, State

from alembic_manage.autodetect.steps.neutral_value import literal_sql, neutral_value, numbered_word


class Shout(sa.TypeDecorator[str]):
    """A text of the project's own."""

    impl = sa.String(20)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and value.upper()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (sa.String(20), "''"),
        (sa.Text(), "''"),
        (sa.Integer(), "0"),
        (sa.Numeric(10, 2), "0"),
        (sa.Date(), "'1970-01-01'"),
        (sa.JSON(), "'{}'"),
        (sa.Enum("new", "old", name="age"), "'new'"),
        (Shout(), "''"),
    ],
    ids=str,
)
def test_value_is_that_of_the_type(name, type_, value):
    assert neutral_value(type_, State(name).dialect) == value


@pytest.mark.parametrize(
    ("name", "type_", "value"),
    [
        ("postgresql", sa.Boolean(), "false"),
        ("sqlite", sa.Boolean(), "false"),
        ("mysql", sa.Boolean(), "false"),
        ("postgresql", sa.Uuid(), "'00000000-0000-0000-0000-000000000000'"),
        ("sqlite", sa.Uuid(), "'00000000000000000000000000000000'"),
        ("sqlite", sa.DateTime(), "'1970-01-01 00:00:00.000000'"),
        ("postgresql", sa.LargeBinary(), r"'\x'::bytea"),
        ("postgresql", postgresql.ARRAY(sa.Integer), "'{}'"),
        ("postgresql", postgresql.INTERVAL(), "'0'"),
        ("postgresql", postgresql.INET(), "'0.0.0.0'"),
        ("postgresql", postgresql.INT4RANGE(), "'empty'"),
        ("mysql", mysql.TIMESTAMP(), "'1970-01-02 00:00:00'"),
        ("mysql", mysql.YEAR(), "1970"),
    ],
    ids=str,
)
def test_value_is_written_as_the_database_stores_it(name, type_, value):
    assert neutral_value(type_, State(name).dialect) == value


def test_type_that_is_not_known_has_no_value():
    assert neutral_value(sa.types.NullType(), State().dialect) is None


def test_value_of_the_models_goes_through_their_type():
    dialect = State().dialect
    assert literal_sql("it's", Shout(), dialect) == "'IT''S'"
    assert literal_sql("100%", sa.String(), dialect) == "'100%'"
    assert literal_sql({"a": "b'c"}, sa.JSON(), dialect) == """'{"a": "b''c"}'"""
    assert literal_sql(datetime.date(2024, 1, 2), sa.Date(), dialect) == "'2024-01-02'"
    assert literal_sql(object(), sa.Integer(), dialect) is None


@pytest.mark.parametrize(
    ("type_", "word"),
    [
        (sa.String(5), "text"),
        (sa.Integer(), "number"),
        (sa.Date(), "date"),
        (sa.DateTime(), "timestamp"),
        (sa.Uuid(), "uuid"),
    ],
    ids=str,
)
def test_numbers_make_values_that_differ(type_, word):
    for name in KINDS:
        state = State(name)
        assert numbered_word(type_, state.dialect) == word
        assert "{number}" in state.schema.rules.numbered_values[word]


@pytest.mark.parametrize("type_", [sa.Boolean(), sa.Enum("a", "b", name="x"), sa.JSON()], ids=repr)
def test_types_with_few_values_cannot_be_numbered(type_):
    assert numbered_word(type_, State().dialect) is None
