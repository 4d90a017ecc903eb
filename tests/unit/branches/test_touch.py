"""What branches change, and what they change both."""

import pytest

from alembic_manage.branches.inventory import COLUMN_ORDER, Definition, Inventory, Item
from alembic_manage.branches.touch import tables_of, touched_by_several, touches_of

TABLE = Item("table", "orders", "orders")
TOTAL = Item("column", "total", "orders")
NOTE = Item("column", "note", "orders")
INDEX = Item("index", "ix", "orders")
OTHER_INDEX = Item("index", "ix2", "orders")
MOOD = Item("type", "mood")
BEFORE: Inventory = {TABLE: Definition(""), TOTAL: Definition("INTEGER NULL"), MOOD: Definition("good")}
ON_TOTAL = Definition("(total)", frozenset({TOTAL}))


def touches(after: Inventory, renames: dict[str, str] | None = None) -> dict[str, str]:
    return {str(item): how for item, how in touches_of(BEFORE, after, renames or {}).items()}


def lines(one: Inventory, other: Inventory) -> list[str]:
    branches = {name: touches_of(BEFORE, BEFORE | after, {}) for name, after in (("a", one), ("b", other))}
    return [touch.line for touch in touched_by_several(branches)]


def test_what_is_the_same_is_not_touched():
    order = Item(COLUMN_ORDER, "orders", "orders")
    assert touches({**BEFORE, order: Definition("total")}) == {}


def test_added_removed_changed_and_used():
    after = {TABLE: Definition(""), TOTAL: Definition("BIGINT NULL"), NOTE: Definition("TEXT"), INDEX: ON_TOTAL}
    assert touches(after) == {
        "column orders.note": "added",
        "column orders.total": "changed",
        "index ix of orders": "added",
        "type mood": "removed",
    }
    assert touches({**BEFORE, INDEX: ON_TOTAL})["column orders.total"] == "used by index ix"


def test_what_is_gone_under_a_path_that_was_renamed_is_renamed():
    after = {TABLE: Definition(""), MOOD: Definition("good"), NOTE: Definition("INTEGER NULL")}
    assert touches(after, {"orders.total": "orders.note"})["column orders.total"] == "renamed to note"
    assert touches({MOOD: Definition("good")}, {"orders": "s.purchases"})["table orders"] == "renamed to purchases"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({TOTAL: Definition("x")}, {TOTAL: Definition("y")}, ["column orders.total (a: changed; b: changed)"]),
        (
            {TOTAL: Definition("x")},
            {INDEX: ON_TOTAL},
            ["column orders.total (a: changed; b: used by index ix)"],
        ),
        ({INDEX: ON_TOTAL}, {OTHER_INDEX: ON_TOTAL}, ["table orders (a: index ix added; b: index ix2 added)"]),
        (
            {NOTE: Definition("x")},
            {TOTAL: Definition("x")},
            ["table orders (a: column note added; b: column total changed)"],
        ),
        ({MOOD: Definition("x")}, {MOOD: Definition("y")}, ["type mood (a: changed; b: changed)"]),
        ({MOOD: Definition("x")}, {TOTAL: Definition("y")}, []),
    ],
)
def test_what_two_branches_touch(one, other, expected):
    assert lines(one, other) == expected


def test_a_third_branch_is_named_too():
    change = touches_of(BEFORE, BEFORE | {TOTAL: Definition("x")}, {})
    (found,) = touched_by_several({"a": change, "b": change, "c": change})
    assert found.as_json() == {"object": "column orders.total", "branches": ["a", "b", "c"]}


def test_rows_of_a_table_matter_to_a_foreign_key_of_a_table_that_was_there():
    key = Item("constraint", "fk", "orders")
    after = {**BEFORE, key: Definition("FOREIGN KEY", refers_to="customers")}
    assert tables_of(touches_of(BEFORE, after, {}), BEFORE, after) == {"orders", "customers"}


def test_rows_of_a_table_do_not_matter_to_a_foreign_key_of_a_new_one():
    new, key = Item("table", "lines", "lines"), Item("constraint", "fk", "lines")
    after = {**BEFORE, new: Definition(""), key: Definition("FOREIGN KEY", refers_to="orders")}
    assert tables_of(touches_of(BEFORE, after, {}), BEFORE, after) == {"lines"}


def test_rows_of_a_table_matter_to_the_values_of_its_types():
    before = {**BEFORE, NOTE: Definition("mood NULL")}
    after = {**before, MOOD: Definition("bad")}
    assert tables_of(touches_of(before, after, {}), before, after) == {"orders"}
