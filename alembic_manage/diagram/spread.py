"""Places along a line: each as near to where it wants to be as the distances allow."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], distances: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The places with the least squares of what is missed, in the given order.

    It is the regression of Barlow et al., "Statistical Inference under Order Restrictions", 1.2: neighbours that would
    overlap become a block that moves as one.

    Args:
        wanted: where each wants to be.
        distances: between each and the next one, at least.
        weights: how much it matters that each gets its will.
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    blocks: list[tuple[float, float, int]] = []  # the place, the weight, how many
    for place, offset, weight in zip(wanted, offsets, weights, strict=True):
        middle, total, number = place - offset, weight, 1
        while blocks and blocks[-1][0] > middle:
            before, heavy, count = blocks.pop()
            middle = (middle * total + before * heavy) / (total + heavy)
            total, number = total + heavy, number + count
        blocks.append((middle, total, number))
    flat = [middle for middle, _, number in blocks for _ in range(number)]
    return [place + offset for place, offset in zip(flat, offsets, strict=True)]
