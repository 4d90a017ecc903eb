"""The layout of the revisions that all drawings share."""

from itertools import pairwise

from hypothesis import given
from support.histories import make_history, random_histories

from alembic_manage.diagram.lanes import Place, places
from alembic_manage.history import History


def laid(history: History) -> list[Place]:
    return list(places([(revision.id, history.parents(revision.id)) for revision in reversed(list(history))]))


def arrivals(rows: list[Place], number: int) -> set[str]:
    """The revisions at which a line ends that begins at the revision of a row."""
    here, found = {rows[number].lane}, set()
    for row in rows[number + 1 :]:
        here = {other for lane, other in row.incoming if lane in here}
        found |= {row.id} if row.lane in here else set()
        here -= {row.lane}
    return found


def test_a_merge_has_a_line_to_each_of_its_parents():
    rows = laid(make_history({"a": "", "b": "a", "c": "a", "merge": "b c"}))
    assert [(row.id, row.lane, row.width) for row in rows] == [("merge", 0, 1), ("c", 1, 2), ("b", 0, 2), ("a", 0, 1)]
    assert [row.incoming for row in rows] == [(), ((0, 0), (0, 1)), ((0, 0), (1, 1)), ((0, 0), (1, 0))]


@given(random_histories())
def test_each_revision_is_joined_with_its_parents_by_lines(history):
    rows = laid(history)
    for number, row in enumerate(rows):
        assert set(history.parents(row.id)) <= arrivals(rows, number)


@given(random_histories())
def test_lines_stay_inside_of_the_rows_that_they_lead_through(history):
    rows = laid(history)
    for above, row in pairwise(rows):
        assert all(lane < above.width and other < row.width for lane, other in row.incoming)
    assert all(row.lane < row.width for row in rows)
