"""The order in which columns are dropped."""

from alembic.operations import ops
from sqlalchemy import Column, Integer, MetaData, Table
from support.detections import detection

from alembic_manage.autodetect.steps.drop_order import last_column_first


def test_columns_are_dropped_from_the_last_to_the_first_and_other_operations_stay_in_place():
    before = MetaData()
    for name in ("orders", "bills"):
        Table(name, before, *(Column(column, Integer) for column in "abcd"))
    found = detection(before, before)
    operations = [
        ops.DropColumnOp("orders", "b"),
        ops.DropColumnOp("bills", "a"),
        ops.DropTableOp("users"),
        ops.DropColumnOp("orders", "d"),
        ops.DropColumnOp("orders", "a"),
        ops.DropColumnOp("bills", "c"),
    ]
    ordered = [(each.table_name, getattr(each, "column_name", None)) for each in last_column_first(operations, found)]
    assert ordered == [
        ("orders", "d"),
        ("bills", "c"),
        ("users", None),
        ("orders", "b"),
        ("orders", "a"),
        ("bills", "a"),
    ]
