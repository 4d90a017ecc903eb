"""Whether branches commute, as it is told."""

from alembic_manage.branches.inventory import Item
from alembic_manage.branches.rows import RowWork
from alembic_manage.branches.verdict import Difference, Outcome, Verdict

COLUMN = Item("column", "total", "orders")


def test_a_difference_names_both_ends():
    difference = Difference(COLUMN, ("a", "b"), "TEXT", ("b", "a"), None)
    assert difference.line == "column orders.total: TEXT when b is last; not there when a is last"


def test_an_object_without_a_definition_is_there():
    difference = Difference(Item("table", "x", "x"), ("a", "b"), "", ("b", "a"), None)
    assert difference.line == "table x: there when b is last; not there when a is last"


def test_the_result_counts_the_objects_where_no_reason_is_given():
    difference = Difference(COLUMN, ("a", "b"), "TEXT", ("b", "a"), None)
    found = Verdict(Outcome.CONFLICT, "", differences=(difference,))
    assert found.result == "They do not commute: 1 object(s) depend on the order."
    assert list(found.lines()) == [found.result, f"  {difference.line}"]


def test_what_is_open():
    apart, shared = RowWork("x", ("DELETE FROM t",)), RowWork("x", ("DELETE FROM t",), (("t", "b"),))
    assert not Verdict(Outcome.COMMUTE, "", (apart,)).is_open
    assert Verdict(Outcome.COMMUTE, "", (shared,)).is_open
    assert Verdict(Outcome.UNPROVEN, "why").is_open
    assert not Verdict(Outcome.CONFLICT, "why", (shared,)).is_open
