"""Which migrations are looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_manage.errors import UnknownRevisionError, UsageError
from alembic_manage.git import Base
from alembic_manage.history import History, Revision
from alembic_manage.lint.selection import select

HISTORY = History(
    [Revision(id, Path(f"/v/{id}.py"), (down,) if down else ()) for id, down in (("a", ""), ("b", "a"), ("c", "b"))]
)


def base(*names: str, edited: tuple[str, ...] = ()) -> Base:
    return Base("main", frozenset(Path(f"/v/{name}.py") for name in names), {Path(f"/v/{n}.py"): "" for n in edited})


def ids(*names: str, **known: object) -> list[str]:
    return [revision.id for revision in select(HISTORY, names, **known).revisions]


def test_without_names_what_the_base_branch_does_not_have() -> None:
    assert ids(base=base("a", "b")) == ["c"]


def test_without_names_what_it_has_otherwise_too() -> None:
    assert ids(base=base("a", "b", edited=("a",))) == ["a", "c"]


def test_without_names_what_is_not_applied_too() -> None:
    assert ids(base=base("a", "b"), applied=["a"]) == ["b", "c"]


def test_all_where_nobody_knows_which_are_new() -> None:
    assert ids() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("b", ["b"]),
        ("a:b", ["b"]),
        ("a:", ["b", "c"]),
        (":b", ["a", "b"]),
        ("zero:head", ["a", "b", "c"]),
        ("base:heads", ["a", "b", "c"]),
        ("head", ["c"]),
        ("all", ["a", "b", "c"]),
        ("b:b", []),
    ],
)
def test_names_and_ranges(name: str, found: list[str]) -> None:
    assert ids(name) == found


def test_a_name_that_fits_nothing_is_refused() -> None:
    with pytest.raises(UnknownRevisionError):
        ids("x")


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="b comes before c"):
        ids("c:b")


def test_pending_is_what_is_neither_released_nor_applied() -> None:
    assert select(HISTORY, (), base("a")).pending == {"b", "c"}
    assert select(HISTORY, (), base("a"), ["b"]).pending == {"c"}


def test_nothing_is_pending_where_nobody_knows_and_one_is_named() -> None:
    assert select(HISTORY, ("b",)).pending == frozenset()
