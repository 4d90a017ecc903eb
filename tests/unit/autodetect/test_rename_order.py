"""Renames run in an order in which each new name is free."""

from dataclasses import replace

import pytest

from alembic_manage.autodetect.candidates import Path
from alembic_manage.autodetect.rename_order import in_runnable_order
from alembic_manage.errors import UsageError


def column(name: str) -> Path:
    return Path(None, "orders", name)


def run(
    renames: dict[str, str], taken: set[str], dropped: tuple[str, ...] = ()
) -> tuple[list[tuple[str, str]], set[str]]:
    """The steps in order, and the names that there are afterwards."""
    names, steps = set(taken), []
    pairs = {column(old): column(new) for old, new in renames.items()}
    there = {str(column(name)): column(name) for name in taken}
    for old, new in in_runnable_order(pairs, there, dropped={str(column(name)) for name in dropped}):
        assert old.name in names
        assert new.name not in names, "the name is not free"
        names = names - {old.name} | {new.name}
        steps.append((old.name, new.name))
    return steps, names


def test_a_rename_is_one_step():
    assert run({"a": "b"}, {"a", "c"}) == ([("a", "b")], {"b", "c"})


def test_a_chain_begins_at_its_end():
    steps, names = run({"a": "b", "b": "c"}, {"a", "b"})
    assert steps == [("b", "c"), ("a", "b")]
    assert names == {"b", "c"}


def test_a_swap_needs_a_third_name():
    steps, names = run({"a": "b", "b": "a"}, {"a", "b"})
    assert len(steps) == 3
    assert names == {"a", "b"}


def test_the_third_name_is_one_that_nothing_has():
    steps, names = run({"a": "b", "b": "a"}, {"a", "b", "a_1"})
    assert steps[0] == ("a", "a_2")
    assert names == {"a", "b", "a_1"}


def test_a_circle_of_three_is_opened_once():
    steps, names = run({"a": "b", "b": "c", "c": "a"}, {"a", "b", "c"})
    assert len(steps) == 4
    assert names == {"a", "b", "c"}


def test_a_name_that_stays_cannot_be_given_away():
    with pytest.raises(UsageError, match=r"orders\.a cannot be renamed to orders\.b: that is there already"):
        run({"a": "b"}, {"a", "b"})


def test_what_is_dropped_makes_room():
    assert run({"a": "b"}, {"a", "b", "b_1"}, ("b",)) == ([("b", "b_2"), ("a", "b")], {"b", "b_1", "b_2"})


def test_a_table_in_the_way_gets_a_name_of_its_own():
    one, other = Path(None, "orders", None), Path(None, "purchases", None)
    steps = list(in_runnable_order({one: other, other: one}, {"orders": one, "purchases": other}))
    assert [str(new) for _, new in steps] == ["orders_1", "orders", "purchases"]


def test_names_that_span_tables_are_free_when_the_other_table_has_given_them_up():
    first, second = Path(None, "orders", "ix_a"), Path(None, "lines", "ix_b")
    renames = {first: replace(first, name="ix_b"), second: replace(second, name="ix_c")}
    taken = {str(path): path for path in renames}
    found = list(in_runnable_order(renames, taken, lambda path: (path.schema, path.name)))
    assert [old for old, _ in found] == [second, first]


def test_names_that_span_tables_are_swapped_by_way_of_a_third():
    first, second = Path(None, "orders", "ix_a"), Path(None, "lines", "ix_b")
    renames = {first: replace(first, name="ix_b"), second: replace(second, name="ix_a")}
    taken = {str(path): path for path in renames}
    found = list(in_runnable_order(renames, taken, lambda path: (path.schema, path.name)))
    assert [(old.name, new.name) for old, new in found] == [("ix_a", "ix_a_1"), ("ix_b", "ix_a"), ("ix_a_1", "ix_b")]
