"""Operations on one table in one batch."""

import sqlalchemy as sa
from alembic.operations import ops

from alembic_manage.autodetect.batches import grouped
from alembic_manage.operations import Batch, FillRows, Remark

CREATE = ops.CreateIndexOp("ix", "orders", ["note"])


def add(table: str = "orders", column: str = "note") -> ops.AddColumnOp:
    return ops.AddColumnOp(table, sa.Column(column, sa.Text))


def shape(*operations: ops.MigrateOperation) -> list[object]:
    """The names of operations; those of a batch in a list."""
    return [
        [type(inner).__name__ for inner in each.ops] if isinstance(each, Batch) else type(each).__name__
        for each in grouped(operations)
    ]


def test_those_of_one_table_in_a_row_are_a_batch():
    assert shape(add(), CREATE, add("customers")) == [["AddColumnOp", "CreateIndexOp"], ["AddColumnOp"]]


def test_sql_stands_between_batches():
    assert shape(add(), FillRows("orders", "note", "''"), add()) == [["AddColumnOp"], "FillRows", ["AddColumnOp"]]


def test_indexes_alone_need_no_batch():
    assert shape(CREATE, ops.DropIndexOp("ix", table_name="orders")) == ["CreateIndexOp", "DropIndexOp"]


def test_a_remark_alone_is_no_batch():
    assert shape(Remark("Said.", "orders")) == ["Remark"]


def test_tables_are_no_part_of_a_batch():
    assert shape(add(), ops.DropTableOp("orders")) == [["AddColumnOp"], "DropTableOp"]
