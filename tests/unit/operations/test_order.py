"""The order of columns, at the head of a batch."""

from alembic.autogenerate import render_python_code
from alembic.operations import ops
from sqlalchemy import Column, Integer

from alembic_manage.operations import Batch, OrderColumns


def source(order, *, in_batches=True):
    added = ops.AddColumnOp("orders", Column("b", Integer()))
    batch = Batch("orders", [added, order])
    return render_python_code(ops.UpgradeOps([batch]), render_as_batch=in_batches)


def test_batch_is_told_the_order():
    head = "with op.batch_alter_table('orders', partial_reordering=[('a', 'b')]) as batch_op:"
    assert head in source(OrderColumns("orders", ["a", "b"]))


def test_batch_is_told_to_rebuild_where_nothing_else_makes_it():
    assert "recreate='always', partial_reordering" in source(OrderColumns("orders", ["a", "b"], rebuilds=True))


def test_nothing_is_written_outside_of_batches():
    text = source(OrderColumns("orders", ["a", "b"], rebuilds=True), in_batches=False)
    assert "partial_reordering" not in text and "op.add_column" in text


def test_order_stands_on_one_way_only():
    order = OrderColumns("orders", ["a"], "shop")
    assert order.reverse() is order
    assert order.to_diff_tuple() == ("order_columns", "shop", "orders", ("a",))
