"""Draws a graph of revisions in text, newest first, as `git log --graph` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


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
    lanes: list[str] = []  # the id that each lane waits for, from left to right
    for id, parents in nodes:
        waiting = [index for index, lane in enumerate(lanes) if lane == id]
        if not waiting:
            lanes.append(id)
            waiting = [len(lanes) - 1]
        own = waiting[0]
        if len(waiting) > 1:
            yield Row(_joined(len(lanes), own, waiting[1:]))
            lanes = [lane for index, lane in enumerate(lanes) if index == own or index not in waiting]
        yield Row(" ".join("*" if index == own else "|" for index in range(len(lanes))), id)
        if not parents:
            closed = own < len(lanes) - 1
            rest = len(lanes) - own - 1
            lanes.pop(own)
            if closed:
                yield Row(" ".join("|" * own) + (" " if own else "") + " " + " ".join("/" * rest))
            continue
        new = [parent for parent in parents[1:] if parent not in lanes]
        lanes[own] = parents[0]
        if new:
            yield Row(_forked(len(lanes), own, len(new)))
            lanes[own + 1 : own + 1] = new


def _joined(count: int, own: int, ending: Sequence[int]) -> str:
    """Lanes `ending` bend into lane `own`."""
    cells = ["|"] * count
    for index in ending:
        cells[index] = "/"
    return _row(cells[: own + 1]) + "".join(("" if cell == "/" else " ") + cell for cell in cells[own + 1 :])


def _forked(count: int, own: int, new: int) -> str:
    """`new` lanes leave lane `own` to its right; lanes further right move over."""
    moved = count - own - 1
    return _row(["|"] * (own + 1)) + "\\" * 1 + " \\" * (new - 1 + moved)


def _row(cells: Sequence[str]) -> str:
    return " ".join(cells)
