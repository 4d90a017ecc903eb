"""An order of operations that runs everywhere."""

from alembic.operations import ops

from alembic_manage.autodetect.order import without_needless_drops

DROP_TABLE = ops.DropTableOp("orders")
DROP_INDEX = ops.DropIndexOp("ix", table_name="orders")


def test_the_index_of_a_dropped_table_is_not_dropped_before_it():
    assert without_needless_drops([DROP_INDEX, DROP_TABLE]) == [DROP_TABLE]


def test_the_index_of_another_table_is():
    other = ops.DropIndexOp("ix", table_name="customers")
    assert without_needless_drops([other, DROP_TABLE]) == [other, DROP_TABLE]


def test_the_table_of_the_same_name_in_another_schema_is_another_table():
    other = ops.DropIndexOp("ix", table_name="orders", schema="archive")
    assert without_needless_drops([other, DROP_TABLE]) == [other, DROP_TABLE]


def test_a_group_of_operations_loses_only_the_needless_ones():
    drop_column = ops.DropColumnOp("orders", "note")
    group = ops.ModifyTableOps("orders", [DROP_INDEX, drop_column])
    (kept, _) = without_needless_drops([group, DROP_TABLE])
    assert kept.ops == [drop_column]


def test_a_group_that_is_empty_afterwards_is_gone():
    group = ops.ModifyTableOps("orders", [DROP_INDEX])
    assert without_needless_drops([group, DROP_TABLE]) == [DROP_TABLE]


def test_without_a_dropped_table_nothing_changes():
    group = ops.ModifyTableOps("orders", [DROP_INDEX])
    assert without_needless_drops([group, DROP_INDEX]) == [group, DROP_INDEX]
