"""Values for rows that are there already."""

from support.states import State

from alembic_manage.dialects import dialect_named
from alembic_manage.operations import FillRows, NumberRows


def sql(operation, name="postgresql"):
    (statement,) = operation.statements(State(name).dialect)
    return statement


def test_rows_without_a_value_are_filled():
    assert sql(FillRows("orders", "total", "0")) == "UPDATE orders SET total = 0 WHERE total IS NULL"


def test_rows_of_a_condition_are_filled_and_names_are_quoted():
    operation = FillRows("Order", "user", "'a'", "shop", where="x = 1")
    assert sql(operation) == """UPDATE shop."Order" SET "user" = 'a' WHERE x = 1"""


def test_rows_are_numbered_in_the_way_of_each_database():
    operation = NumberRows("orders", "code", "text")
    assert "row_number() OVER ()" in sql(operation) and "filled.ctid = numbered.place" in sql(operation)
    assert sql(operation, "sqlite") == "UPDATE orders SET code = CAST((rowid + 0) AS TEXT) WHERE code IS NULL"
    assert "(@number := @number + 1)" in sql(operation, "mysql")


def test_numbers_begin_above_those_that_are_there():
    operation = NumberRows("orders", "code", "number")
    start = "(SELECT coalesce(max(code), 0) FROM orders)"
    assert all(start in sql(operation, name) for name in ("sqlite", "postgresql", "mysql"))


def test_filling_is_its_own_reverse_for_it_stands_on_one_way_only():
    for operation in (FillRows("orders", "total", "0"), NumberRows("orders", "code", "text")):
        assert operation.reverse() is operation


def test_rows_can_be_numbered_in_the_way_of_another_database():
    operation = NumberRows("Order", "code", "text", "shop").only_for(dialect_named("mysql"))
    assert sql(operation).startswith("UPDATE shop.`Order`, (SELECT @number := 0) AS start")
