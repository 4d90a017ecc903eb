"""Columns that were dropped come back into their places, where the database can do that."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from support.detections import after_passes, detection, written

from alembic_manage.autodetect.steps.column_place import put_back_in_place
from alembic_manage.autodetect.steps.drop_order import last_column_first
from alembic_manage.autodetect.steps.not_null import filled_before_not_null


def orders(names, nullable=True):
    metadata = MetaData()
    columns = [Column(name, Integer, nullable=nullable) for name in names]
    Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
    return metadata


def down(before, after, name, nullable=True):
    found = detection(orders(before, nullable), orders(after, nullable), name)
    passes = [last_column_first, filled_before_not_null, put_back_in_place]
    return written(after_passes(passes, found), found, in_batches=name == "sqlite")[1]


@pytest.mark.parametrize("name", ["sqlite", "mysql", "postgresql"])
def test_last_column_is_in_its_place_anyway(name):
    lines = " ".join(down("abc", "ab", name))
    assert "AFTER" not in lines and "reordering" not in lines


def test_column_is_moved_behind_the_one_before_it():
    assert down("abc", "ac", "mysql")[-1] == "op.execute('ALTER TABLE orders MODIFY b INTEGER AFTER a')"
    assert "NOT NULL AFTER id" in down("abc", "bc", "mysql", nullable=False)[-1]


def test_several_columns_are_moved_one_after_the_other():
    moves = [line for line in down("abcd", "bd", "mysql") if "AFTER" in line]
    assert ["a INTEGER AFTER id" in moves[0], "c INTEGER AFTER b" in moves[1]] == [True, True]


def test_table_is_rebuilt_in_order_with_the_last_column_that_comes_back():
    heads = [line for line in down("abcd", "bd", "sqlite") if line.startswith("with")]
    assert heads == [
        "with op.batch_alter_table('orders', recreate='always', "
        "partial_reordering=[('id', 'a', 'b', 'c', 'd')]) as batch_op:"
    ]


def test_rebuild_for_not_null_is_told_the_order_too():
    heads = [line for line in down("abc", "ac", "sqlite", nullable=False) if line.startswith("with")]
    assert "partial_reordering" not in heads[0]
    assert "partial_reordering=[('id', 'a', 'b', 'c')]" in heads[1] and "recreate" not in heads[1]


def test_database_that_cannot_move_columns_is_left_alone():
    assert len(down("abc", "ac", "postgresql")) == 1
