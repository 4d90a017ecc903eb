"""Labels of enums that are no type of their own."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table
from support.states import State

from alembic_manage.autodetect.steps.labels import checked_labels, inline_labels, merged


def test_labels_are_those_of_the_check_on_the_column():
    metadata = MetaData()
    check = sa.CheckConstraint("state IN ('open', 'closed')", name="ck")
    Table("orders", metadata, Column("id", Integer), Column("state", sa.String(9)), check)
    state = State("postgresql", metadata)
    assert checked_labels(state.table("orders"), "state", state.schema) == ("open", "closed")
    assert checked_labels(state.table("orders"), "id", state.schema) == ()
    assert checked_labels(None, "state", state.schema) == ()


def test_labels_of_a_type_are_told_where_the_database_has_enums():
    enum = sa.Enum("a", "b", name="x")
    assert inline_labels(enum, State("mysql").dialect) == ("a", "b")
    assert inline_labels(enum, State("sqlite").dialect) == ()
    assert inline_labels(sa.Enum("a", native_enum=False), State("mysql").dialect) == ()
    assert inline_labels(sa.String(5), State("mysql").dialect) == ()


@pytest.mark.parametrize(
    ("kept", "labels", "expected"),
    [
        ("ab", "ab", "ab"),
        ("abc", "ac", "abc"),
        ("abc", "bc", "abc"),
        ("abc", "ab", "abc"),
        ("abc", "xay", "xabcy"),
        ("ab", "xy", "abxy"),
    ],
)
def test_labels_that_stay_keep_their_places(kept, labels, expected):
    assert "".join(merged(tuple(kept), tuple(labels))) == expected
