"""The drawing of a history."""

import pytest
from hypothesis import given
from support.histories import make_history, random_histories

from alembic_manage.diagram.revision_graph import draw
from alembic_manage.history import History


def drawing(history: History) -> list[str]:
    nodes = [(revision.id, history.parents(revision.id)) for revision in reversed(list(history))]
    return [f"{row.art} {row.id or ''}".rstrip() for row in draw(nodes)]


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({}, []),
        ({"a": ""}, ["* a"]),
        ({"a": "", "b": "a", "c": "b"}, ["* c", "* b", "* a"]),
        ({"a": "", "b": "a", "c": "a"}, ["* c", "| * b", "|/", "* a"]),
        ({"a": "", "b": "a", "c": "a", "m": "b c"}, ["* m", "|\\", "| * c", "* | b", "|/", "* a"]),
    ],
    ids=["empty", "one", "line", "two heads", "diamond"],
)
def test_a_history_is_drawn_as_git_draws_one(graph, expected):
    assert drawing(make_history(graph)) == expected


@given(random_histories())
def test_every_revision_is_drawn_once_newest_first(history):
    nodes = [(revision.id, history.parents(revision.id)) for revision in reversed(list(history))]
    rows = list(draw(nodes))
    assert [row.id for row in rows if row.id] == [id for id, _ in nodes]
    assert all(row.art.count("*") == (1 if row.id else 0) for row in rows)
    assert all(row.art == row.art.rstrip() for row in rows)
