"""Draws a graph of revisions in text, newest first, as `git log --graph` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alembic_manage.diagram.lanes import places


@dataclass(frozen=True)
class Row:
    """One line of the drawing."""

    art: str
    id: str | None = None
    """The revision of this line; None for a line that only joins lanes."""


def draw(nodes: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Row]:
    """The rows of the drawing.

    Args:
        nodes: each revision with its parents, children before parents.
    """
    for place in places(nodes):
        own = place.lane
        if place.joining:
            yield Row(_joined(place.width + len(place.joining), own, place.joining))
        yield Row(_row(["*" if index == own else "|" for index in range(place.width)]), place.id)
        right = place.width - own - 1
        if place.ends and right:
            yield Row(_row("|" * own) + (" " if own else "") + " " + _row("/" * right))
        if place.begun:
            yield Row(_row("|" * (own + 1)) + _row("\\" * (place.begun + right)))


def _joined(count: int, own: int, ending: Sequence[int]) -> str:
    """Lanes `ending` bend into lane `own`."""
    cells = ["|"] * count
    for index in ending:
        cells[index] = "/"
    return _row(cells[: own + 1]) + "".join(("" if cell == "/" else " ") + cell for cell in cells[own + 1 :])


def _row(cells: Sequence[str]) -> str:
    return " ".join(cells)
