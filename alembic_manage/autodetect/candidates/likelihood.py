"""Odds: how they relate to likelihoods, and which of several are close together."""

from __future__ import annotations

import math
from collections.abc import Sequence

OFFERED = 0.5
"""What is less likely than this is not offered."""
_WORTH_A_CHOICE = 0.6
"""What is less likely than this is not offered beside another one."""
_CLOSE = 0.5
"""Odds, as logarithms, that differ by no more than this are close."""


def likelihood(odds: float) -> float:
    """From 0 to 1, for the logarithm of odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def odds(score: float) -> float:
    """The logarithm of the odds, for a likelihood; 0 at OFFERED."""
    bounded = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))


def close_to(best: int, row: int, scores: Sequence[Sequence[float]], taken: Sequence[tuple[int, int]]) -> list[int]:
    """The columns of a row that are almost as likely as the best one, which comes first; the likeliest first.

    Args:
        best: the column that was chosen.
        row: the row.
        scores: likelihoods, by row and column.
        taken: the pairs that were chosen. Who has clearly found its own is no candidate of others.
    """
    least = odds(scores[row][best]) - _CLOSE
    owner = {column: other for other, column in taken}
    found = [
        column
        for column, score in enumerate(scores[row])
        if column != best
        and score >= _WORTH_A_CHOICE
        and odds(score) >= least
        and (column not in owner or odds(scores[owner[column]][column]) - odds(score) <= _CLOSE)
    ]
    return [best, *sorted(found, key=lambda column: -scores[row][column])]
