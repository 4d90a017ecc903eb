"""The file says where it loses data."""

import sqlalchemy as sa
from alembic.operations import ops

from alembic_manage.autodetect.losses import with_losses
from alembic_manage.operations import Remark, RenameColumn

INDEX = ops.DropIndexOp("ix", table_name="orders")


def drop(column: str, table: str = "orders", *computed: sa.Computed) -> ops.DropColumnOp:
    return ops.DropColumnOp.from_column_and_tablename(None, table, sa.Column(column, sa.Integer, *computed))


def remarks(*operations: ops.MigrateOperation) -> list[str]:
    return [each.text for each in with_losses(operations) if isinstance(each, Remark)]


def test_a_dropped_table():
    assert remarks(ops.DropTableOp("orders")) == ["Drops the table orders with its rows."]


def test_a_dropped_column():
    assert remarks(drop("note")) == ["Drops the column note of orders with its values."]


def test_the_remark_stands_right_above():
    found = with_losses([INDEX, drop("note")])
    assert [type(each).__name__ for each in found] == ["DropIndexOp", "Remark", "DropColumnOp"]


def test_several_in_a_row_have_one_together():
    assert remarks(ops.DropTableOp("a"), ops.DropTableOp("b", schema="x"), ops.DropTableOp("c")) == [
        "Drops the tables a, x.b and c with their rows."
    ]
    assert remarks(drop("a"), drop("b"), drop("c", "customers")) == [
        "Drops the columns a and b of orders with their values.",
        "Drops the column c of customers with its values.",
    ]


def test_a_long_row_is_cut():
    text = remarks(*(ops.DropTableOp(f"t{number}") for number in range(9)))
    assert text == ["Drops the tables t0, t1, t2, t3, t4, t5 and 3 more with their rows."]


def test_indexes_and_constraints_hold_no_data():
    assert remarks(INDEX, ops.DropConstraintOp("ck", "orders", type_="check")) == []


def test_a_computed_column_holds_none_either():
    assert remarks(drop("twice", "orders", sa.Computed("total * 2"))) == []


def test_a_column_whose_place_another_takes_loses_nothing():
    assert remarks(drop("note"), RenameColumn("orders", "note_new", "note")) == []


def test_a_column_that_makes_room_before_it_is_dropped_loses_its_values():
    steps = [RenameColumn("orders", "status", "status_1"), RenameColumn("orders", "new_status", "status")]
    assert remarks(*steps, drop("status_1")) == ["Drops the column status_1 of orders with its values."]


def test_what_has_a_remark_needs_no_other():
    assert remarks(Remark("Said."), drop("note")) == ["Said."]
