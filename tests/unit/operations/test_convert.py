"""Another type for a column, as it is written."""

import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.operations import ops

from alembic_manage.operations import Batch, ConvertColumn


def conversion(using="size::integer", *, keeps_values=True):
    plain = ops.AlterColumnOp(
        "orders", "size", existing_type=sa.Text(), existing_nullable=True, modify_type=sa.Numeric(10, 2)
    )
    return ConvertColumn.of(plain, using, keeps_values=keeps_values)


def source(*operations, in_batches=False):
    text = render_python_code(ops.UpgradeOps([Batch("orders", list(operations))]), render_as_batch=in_batches)
    return " ".join(text.split())


def test_using_is_written():
    assert (
        "type_=sa.Numeric(precision=10, scale=2), existing_nullable=True, postgresql_using='size::integer')"
        in source(conversion())
    )


def test_nothing_more_is_written_where_nothing_more_is_said():
    assert "postgresql_using" not in source(conversion(None))
    assert "reflect_kwargs" not in source(conversion(keeps_values=False), in_batches=True)


def test_batch_reads_the_column_with_its_new_type_so_that_nothing_is_cast():
    text = source(conversion(), in_batches=True)
    assert "column.update({'size': {'type': sa.Numeric(precision=10, scale=2)}}.get(column['name'], {}))" in text
    assert text.count("(") == text.count(")")


def test_columns_of_one_batch_are_read_by_one_listener():
    other = conversion()
    other.column_name = "weight"
    text = source(conversion(), other, in_batches=True)
    assert text.count("column_reflect") == 1 and "'size': {" in text and "'weight': {" in text


def test_plain_operation_is_left_as_it_was():
    plain = ops.AlterColumnOp("orders", "size", modify_type=sa.Integer(), postgresql_using="old")
    made = ConvertColumn.of(plain, "new", keeps_values=False)
    assert plain.kw == {"postgresql_using": "old"} and type(plain) is ops.AlterColumnOp
    assert made.kw == {"postgresql_using": "new"}
