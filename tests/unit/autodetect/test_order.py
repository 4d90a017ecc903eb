"""An order of operations that runs everywhere."""

from alembic.operations import ops

from alembic_manage.autodetect.order import without_needless_drops

DROP_TABLE = ops.DropTableOp("orders")
DROP_INDEX = ops.DropIndexOp("ix", table_name="orders")
NOTHING_ELSE = None
"""The order of these operations needs no more than themselves."""


def test_the_index_of_a_dropped_table_is_not_dropped_before_it():
    assert without_needless_drops([DROP_INDEX, DROP_TABLE], NOTHING_ELSE) == [DROP_TABLE]


def test_the_index_of_another_table_is():
    other = ops.DropIndexOp("ix", table_name="customers")
    assert without_needless_drops([other, DROP_TABLE], NOTHING_ELSE) == [other, DROP_TABLE]


def test_the_table_of_the_same_name_in_another_schema_is_another_table():
    other = ops.DropIndexOp("ix", table_name="orders", schema="archive")
    assert without_needless_drops([other, DROP_TABLE], NOTHING_ELSE) == [other, DROP_TABLE]


def test_without_a_dropped_table_nothing_changes():
    assert without_needless_drops([DROP_INDEX], NOTHING_ELSE) == [DROP_INDEX]
