"""Revisions that read or change rows."""

import pytest

from alembic_manage.branches.rows import RowWork, row_work

KNOWN = ["orders", "shop.customers", "order details"]


def shared(statement: str, *touched: str) -> list[str]:
    work = row_work({"a": {"0002_a": [statement]}, "b": {}}, {"a": [], "b": touched}, KNOWN)
    return [table for each in work for table, _ in each.shared]


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("UPDATE orders SET total = 0", ["orders"]),
        ('UPDATE "Orders" SET total = 0', ["orders"]),
        ("DELETE FROM shop.customers", ["shop.customers"]),
        ("INSERT INTO x SELECT id FROM customers", ["shop.customers"]),
        ("DELETE FROM `order details`", ["order details"]),
        ("UPDATE orders_old SET total = 0", []),
    ],
)
def test_a_table_counts_where_its_name_is_a_word_of_the_statement(statement, tables):
    assert shared(statement, *KNOWN) == tables


def test_only_tables_that_another_branch_touches_count():
    assert shared("UPDATE orders SET total = 0", "shop.customers") == []


def test_rows_of_both_branches_meet():
    work = row_work(
        {"a": {"x": ["DELETE FROM orders"]}, "b": {"y": ["SELECT * FROM orders"]}}, {"a": [], "b": []}, KNOWN
    )
    assert [each.shared for each in work] == [(("orders", "b"),), (("orders", "a"),)]


@pytest.mark.parametrize(
    "copy", ["INSERT INTO _alembic_tmp_orders (id) SELECT orders.id", 'INSERT INTO "s"."_alembic_tmp_orders" SELECT 1']
)
def test_the_copy_of_a_rebuilt_table_does_not_count(copy):
    assert row_work({"a": {"x": [copy]}, "b": {}}, {"a": [], "b": KNOWN}, KNOWN) == ()


def test_the_line_is_short():
    work = RowWork(
        "x", ("UPDATE orders\n   SET " + "y" * 80, "DELETE FROM z"), (("orders", "b"), ("z", "b"), ("z", "c"))
    )
    shown = f"UPDATE orders SET {'y' * 39}..."
    others = "b touches orders, z too and c touches z too."
    assert work.line == f"Rows: not proven: x runs {shown}, and 1 more; {others}"
