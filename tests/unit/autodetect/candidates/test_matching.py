"""The best assignment of old to new."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from alembic_manage.autodetect.candidates.matching import best_pairs

GAINS = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from((-1.0, 0.0, 0.5, 1.0, 1.5, 4.0)), min_size=columns, max_size=columns), max_size=5
    )
)


def best_sum(gains: list[list[float]]) -> float:
    """By trying all of them."""
    rows, columns = len(gains), len(gains[0]) if gains else 0
    padded = [*range(columns), *[None] * rows]
    return max(
        sum(max(0.0, gains[row][column]) for row, column in enumerate(chosen) if column is not None)
        for chosen in set(permutations(padded, rows))
    )


@given(GAINS)
def test_no_other_assignment_gains_more(gains):
    assert sum(gains[row][column] for row, column in best_pairs(gains)) == best_sum(gains)


@given(GAINS)
def test_every_row_and_every_column_is_used_once_at_most(gains):
    pairs = best_pairs(gains)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


@given(GAINS)
def test_a_pair_that_gains_nothing_is_left_out(gains):
    assert all(gains[row][column] > 0 for row, column in best_pairs(gains))


def test_the_best_of_all_is_given_up_for_two_that_gain_more_together():
    assert best_pairs([[10.0, 9.0], [9.0, 0.0]]) == [(0, 1), (1, 0)]


def test_nothing_to_pair_is_no_pair():
    assert best_pairs([]) == best_pairs([[]]) == []
