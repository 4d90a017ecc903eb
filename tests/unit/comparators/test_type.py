"""Types of columns that Alembic takes for the same."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, Table
from sqlalchemy.dialects import mysql, postgresql
from support.comparison import lines_between

ALL = ("postgresql", "mysql", "sqlite")


def orders(type_):
    return lambda metadata: Table("orders", metadata, Column("id", Integer, primary_key=True), Column("c", type_))


def are_the_same(one, other, name: str) -> bool:
    return lines_between(orders(one), orders(other), name) == ["pass"]


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (sa.String(), sa.String(9), ("postgresql", "sqlite")),
        (sa.Numeric(), sa.Numeric(10, 2), ALL),
        (sa.Numeric(10), sa.Numeric(10, 2), ALL),
        (sa.Integer(), postgresql.ARRAY(sa.Integer), ("postgresql",)),
        (postgresql.TIMESTAMP(), postgresql.TIMESTAMP(precision=3), ("postgresql",)),
        (postgresql.INTERVAL(), postgresql.INTERVAL(fields="DAY"), ("postgresql",)),
        (postgresql.BIT(3), postgresql.BIT(3, varying=True), ("postgresql",)),
        (sa.Integer(), mysql.INTEGER(unsigned=True), ("mysql",)),
        (sa.Integer(), mysql.INTEGER(zerofill=True), ("mysql",)),
        (mysql.DATETIME(), mysql.DATETIME(fsp=6), ("mysql",)),
        (mysql.SET("a"), mysql.SET("a", "b"), ("mysql",)),
        (mysql.DOUBLE(), mysql.DOUBLE(10, 2), ("mysql",)),
        (sa.Float(), sa.Float(53), ("mysql",)),
        (sa.LargeBinary(), sa.LargeBinary(20), ("mysql",)),
        (sa.JSON(), mysql.LONGTEXT(), ("mysql",)),
    ],
)
def test_what_only_one_side_says_is_a_change_in_both_directions(one, other, names):
    for name in names:
        assert not are_the_same(one, other, name)
        assert not are_the_same(other, one, name)
        assert are_the_same(one, one, name)


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (sa.Numeric(10), sa.Numeric(10, 0), "postgresql"),
        (sa.Float(), sa.Double(), "postgresql"),
        (sa.CHAR(), sa.CHAR(1), "postgresql"),
        (postgresql.ARRAY(sa.Text), postgresql.ARRAY(sa.Text, dimensions=2), "postgresql"),
        (mysql.INTEGER(11), sa.Integer(), "mysql"),
        (mysql.TINYINT(1), sa.Boolean(), "mysql"),
        (sa.JSON(), mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql"),
        (mysql.LONGTEXT(collation="utf8mb4_bin"), sa.JSON(), "mysql"),
        (sa.LargeBinary(20), mysql.TINYBLOB(), "mysql"),
        (sa.Text(300), sa.Text(), "mysql"),
        (mysql.DATETIME(fsp=0), sa.DateTime(), "mysql"),
        (sa.NUMERIC(10, 2), sa.Numeric(10, 2), "sqlite"),
    ],
)
def test_two_words_for_one_type_are_no_change(one, other, name):
    assert are_the_same(one, other, name)


def test_env_py_can_switch_the_comparison_off():
    before, after = orders(sa.Numeric()), orders(sa.Numeric(10, 2))
    assert lines_between(before, after, "postgresql", compare_type=False) == ["pass"]
    assert lines_between(before, after, "postgresql", compare_type=lambda *_: False) == ["pass"]
    assert lines_between(before, after, "postgresql", compare_type=lambda *_: None) != ["pass"]
