"""Pairs old with new so that the sum of the gains is as high as it can be."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(gains: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs (row, column) of the assignment with the highest sum; a pair that gains nothing is left out.

    Every row and every column is in one pair at most. Of equal assignments always the same one is chosen.

    Args:
        gains: what each pair is worth; rows of one length, negative where a pair is worse than none.

    Source: the Hungarian method with potentials, as in R. Jonker and A. Volgenant, "A shortest augmenting path
    algorithm for dense and sparse linear assignment problems", Computing 38 (1987).
    """
    rows = len(gains)
    columns = len(gains[0]) if rows else 0
    if rows > columns:
        turned = [[gains[row][column] for row in range(rows)] for column in range(columns)]
        return sorted((row, column) for column, row in best_pairs(turned))
    costs = [[-max(gain, 0.0) for gain in row] for row in gains]
    return [(row, column) for row, column in _assignment(costs, columns) if gains[row][column] > 0]


def _assignment(costs: Sequence[Sequence[float]], columns: int) -> list[tuple[int, int]]:
    """The cheapest assignment of every row to a column of its own; there are no more rows than columns."""
    # One row and one column more than there are stand for "nothing yet": both are number 0.
    row_potential, column_potential = [0.0] * (len(costs) + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        path = _shortest_path(costs, row_of, row_potential, column_potential)
        for column, previous in path:
            row_of[column] = row_of[previous]
    return sorted((row - 1, column - 1) for column, row in enumerate(row_of) if row and column)


def _shortest_path(
    costs: Sequence[Sequence[float]], row_of: Sequence[int], row_potential: list[float], column_potential: list[float]
) -> list[tuple[int, int]]:
    """The steps, from a free column back to column 0, that make room for the row in `row_of[0]`."""
    columns = len(column_potential)
    distance, previous, seen = [float("inf")] * columns, [0] * columns, [False] * columns
    at = 0
    while row_of[at]:
        seen[at] = True
        row = row_of[at]
        for column in range(1, columns):
            cost = costs[row - 1][column - 1] - row_potential[row] - column_potential[column]
            if not seen[column] and cost < distance[column]:
                distance[column], previous[column] = cost, at
        nearest = min((column for column in range(1, columns) if not seen[column]), key=distance.__getitem__)
        _move_potentials(distance[nearest], seen, row_of, row_potential, column_potential, distance)
        at = nearest
    path = []
    while at:
        path.append((at, previous[at]))
        at = previous[at]
    return path


def _move_potentials(
    step: float,
    seen: Sequence[bool],
    row_of: Sequence[int],
    row_potential: list[float],
    column_potential: list[float],
    distance: list[float],
) -> None:
    """Keep reduced costs from falling below zero after the tree grew by `step`."""
    for column, was_seen in enumerate(seen):
        if was_seen:
            row_potential[row_of[column]] += step
            column_potential[column] -= step
        else:
            distance[column] -= step
