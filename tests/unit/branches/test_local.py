"""Which branch is one's own."""

from pathlib import Path

import pytest
from support.histories import make_history

from alembic_manage.branches.fork import Fork
from alembic_manage.branches.local import local_branch
from alembic_manage.branches.recorded import Recorded
from alembic_manage.git import Published

FORK = Fork.of(make_history({"a": "", "b1": "a", "b2": "b1", "c": "a"}), ["b2", "c"])
NOTHING = Recorded({})


def local(published: str | None = None, recorded: str = "") -> str | None:
    files = (
        None if published is None else Published("main", frozenset(Path(f"{name}.py") for name in published.split()))
    )
    found = local_branch(FORK, files, Recorded({"default": frozenset(recorded.split())}))
    return found.branch.name if found else None


@pytest.mark.parametrize(
    ("published", "expected"),
    [("a b1 b2", "c"), ("a c", "b2"), ("a", None), ("a b1 b2 c", None), ("a b1 c", None), ("a b1", None)],
)
def test_git_tells_only_where_it_has_all_of_one_branch_and_nothing_of_the_other(published, expected):
    assert local(published) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"), [("a b1", "c"), ("a c", "b2"), ("a", None), ("a b1 c", None), ("", None)]
)
def test_the_databases_tell_where_they_record_one_branch_only(recorded, expected):
    assert local(recorded=recorded) == expected


def test_git_goes_before_the_databases():
    assert local("a c", "a b1") == "b2"


def test_the_databases_are_asked_where_git_does_not_tell():
    assert local("a", "a c") == "b2"


def test_it_is_said_how_the_branch_was_found():
    found = local_branch(FORK, Published("origin/main", frozenset({Path("c.py")})), NOTHING)
    assert found is not None
    assert found.why == "it is not in origin/main"
