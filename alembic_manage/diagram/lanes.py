"""Where the revisions and the lines between them lie in a drawing of the graph, newest first.

One layout for all drawings: text draws it with characters, a picture with curves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A revision in the drawing: a row of its own, in one of the lanes from left to right."""

    id: str
    lane: int
    """Its own lane, from 0."""
    width: int
    """How many lanes this row has, once those are joined that lead to it."""
    joining: tuple[int, ...]
    """The lanes that bend into its own, as they are numbered above it; its own is the leftmost and not among them."""
    begun: int
    """How many lanes begin below it, to the right of its own: one for each further parent."""
    ends: bool
    """Whether its lane ends here: it has no parents."""
    incoming: tuple[tuple[int, int], ...]
    """The lines from the row above: the lane that each leaves there, and the lane where it arrives here."""


@dataclass(frozen=True)
class _Lane:
    waits_for: str
    source: int
    """The lane in the row above that the line comes from."""


def places(nodes: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Place]:
    """The places of revisions.

    Args:
        nodes: each revision with its parents, children before parents.
    """
    lanes: list[_Lane] = []
    crossing: list[tuple[int, str]] = []  # lines to a parent for which another lane waits already
    for id, parents in nodes:
        waiting = [index for index, lane in enumerate(lanes) if lane.waits_for == id]
        before = len(lanes)
        own = waiting[0] if waiting else before
        kept = [index for index in range(before) if index == own or index not in waiting]
        column = {index: place for place, index in enumerate(kept)}
        column |= dict.fromkeys(waiting, own)
        arrives = {lane.waits_for: column[index] for index, lane in enumerate(lanes)}
        incoming = [(lane.source, column[index]) for index, lane in enumerate(lanes)]
        incoming += [(source, arrives[parent]) for source, parent in crossing]
        lanes = [_Lane(lanes[index].waits_for, place) for place, index in enumerate(kept)]
        if not waiting:
            lanes.append(_Lane(id, own))
        width = len(lanes)
        # A second parent that another lane waits for gets no lane of its own.
        taken = [lane.waits_for for lane in lanes]
        new = [parent for parent in parents[1:] if parent not in taken]
        crossing = [(own, parent) for parent in parents[1:] if parent in taken]
        if parents:
            lanes[own : own + 1] = [_Lane(parent, own) for parent in (parents[0], *new)]
        else:
            lanes.pop(own)
        yield Place(id, own, width, tuple(waiting[1:]), len(new), not parents, tuple(dict.fromkeys(incoming)))
