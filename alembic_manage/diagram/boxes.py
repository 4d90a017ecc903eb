"""What is laid out: boxes with sizes, lines between them, and where they came to lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """Something to place."""

    key: str
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """A line from a box down to another one; edges of one bundle leave the upper box as one line."""

    upper: str
    lower: str
    bundle: str


Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """The result."""

    corners: Mapping[str, Point]
    """The upper left corner of each box."""
    routes: Mapping[Edge, Sequence[Point]]
    """The corners of each line, from the upper box to the lower one; of an edge from a box to itself, at its side."""
    width: float
    height: float
