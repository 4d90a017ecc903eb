"""Defaults of booleans, as a revision has them."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from support.detections import detection, operations_of

from alembic_manage.autodetect.boolean_defaults import boolean_default_source, with_boolean_defaults


def orders(*columns):
    metadata = MetaData()
    Table("orders", metadata, Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


def paid(default, type_=None):
    return Column("paid", type_ or sa.Boolean(), server_default=default)


def before_it_changes(default, type_=None):
    """The default on the way back of a migration that takes it away, as the revision has it."""
    found = detection(orders(paid(default, type_)), orders(paid(None, type_)), "sqlite")
    (operation,) = with_boolean_defaults(operations_of(found), found)
    return boolean_default_source(operation.reverse().modify_server_default, "sa.")


def test_default_that_a_boolean_had_comes_back_as_a_word():
    assert before_it_changes(sa.true()) == "sa.true()"
    assert before_it_changes(sa.text("0")) == "sa.false()"


def test_number_of_another_type_stays_a_number():
    assert before_it_changes(sa.text("0"), sa.Integer()) is False


@pytest.mark.parametrize(
    ("default", "type_", "source"),
    [
        (sa.false(), sa.Boolean(), "sa.false()"),
        (sa.text("(1)"), sa.Boolean(), "sa.true()"),
        (sa.text("'0'"), sa.Boolean(), "sa.false()"),
        (sa.text("is_open()"), sa.Boolean(), False),
        (sa.text("1"), sa.Integer(), False),
        (sa.func.now(), sa.DateTime(), False),
        ("1", sa.Boolean(), False),
    ],
    ids=str,
)
def test_default_of_a_column_is_written_as_what_it_means(default, type_, source):
    assert boolean_default_source(paid(default, type_).server_default, "sa.") == source
