"""Primary keys, found on the history state."""

import pytest
from sqlalchemy import Column, Integer, MetaData, PrimaryKeyConstraint, Table
from support.comparison import lines_between

NAMES = ("postgresql", "mysql", "sqlite")


def orders(*key: str, name: str | None = "pk", numbered: bool = False):
    def model(metadata: MetaData) -> None:
        columns = [Column(each, Integer, nullable=False, autoincrement=numbered and each == "a") for each in "abc"]
        Table("orders", metadata, *columns, *([PrimaryKeyConstraint(*key, name=name)] if key else []))

    return model


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_another_key_is_dropped_and_made(name: str):
    assert [line.strip() for line in lines_between(orders("a"), orders("a", "b"), name)] == [
        "op.drop_constraint(op.f('pk'), 'orders', type_='primary')",
        "op.create_primary_key('pk', 'orders', ['a', 'b'])",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_columns_counts(name: str):
    assert len(lines_between(orders("a", "b"), orders("b", "a"), name)) == 2
    assert lines_between(orders("b", "a"), orders("b", "a"), name) == ["pass"]


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_made_and_dropped(name: str):
    assert lines_between(orders(), orders("a"), name) == ["op.create_primary_key('pk', 'orders', ['a'])"]
    (line,) = lines_between(orders("a"), orders(), name)
    assert line.startswith("op.drop_constraint(")


def test_a_key_without_a_name_gets_the_servers():
    (line,) = lines_between(orders(), orders("a", name=None), "postgresql")
    assert line == "op.create_primary_key('orders_pkey', 'orders', ['a'])"


def test_a_numbered_column_has_a_key_all_the_time():
    lines = lines_between(orders("a", numbered=True), orders("a", "b", numbered=True), "mysql")
    assert lines == ["op.execute('ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)')"]


def test_a_column_without_a_key_is_numbered_no_more():
    lines = lines_between(orders("a", numbered=True), orders("b"), "mysql")
    assert lines == [
        "op.execute('ALTER TABLE orders MODIFY a INTEGER NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (b)')"
    ]


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_the_numbered_column_may_come_first_where_nobody_said_the_order(name: str):
    def model(metadata: MetaData) -> None:
        Table(
            "orders",
            metadata,
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, primary_key=True, autoincrement=True),
        )

    assert lines_between(model, model, name) == ["pass"]
