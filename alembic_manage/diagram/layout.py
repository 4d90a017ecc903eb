"""Where boxes and the lines between them lie: rows from top to bottom, with few crossings, lines around the boxes.

Knows boxes with sizes and edges between them, and not what they stand for.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from alembic_manage.diagram.boxes import Box, Edge, Layout, Point
from alembic_manage.diagram.layers import layers_of, parts_of
from alembic_manage.diagram.spread import spread

GAP = 44
"""Between two boxes of a row, in pixels."""
LANE = 14
"""The room that a line takes which passes a row."""
STUB = 26
"""How far a line goes straight from a box."""
TRACK = 9
"""Between two horizontal lines."""
ASPECT = 1.5
"""How much wider than high a picture should be."""
SWEEPS = 10


@dataclass(eq=False)
class _Place:
    """A box or a lane in a row; lanes have no box."""

    key: str
    width: float
    box: Box | None = None
    x: float = 0.0
    """The middle."""
    above: list[_Place] = field(default_factory=list)
    below: list[_Place] = field(default_factory=list)


def laid_out(boxes: Sequence[Box], edges: Sequence[Edge]) -> Layout:
    """A place for each box and a route for each edge; the same for the same input.

    Boxes that hang together are laid out by themselves, and these parts packed beside one another.
    """
    by_key = {box.key: box for box in boxes}
    parts = parts_of(list(by_key), [(edge.upper, edge.lower) for edge in edges])
    laid = []
    for part in parts:
        inside = [edge for edge in edges if edge.upper in part]
        laid.append(_Part([by_key[key] for key in by_key if key in part], inside).layout())
    return _packed(laid)


def _packed(parts: Sequence[Layout]) -> Layout:
    """On shelves, the biggest part first."""
    area = sum((part.width + GAP) * (part.height + GAP) for part in parts)
    limit = max([math.sqrt(area * ASPECT), *(part.width for part in parts)], default=0)
    corners: dict[str, Point] = {}
    routes: dict[Edge, Sequence[Point]] = {}
    x = y = shelf = width = 0.0
    for part in sorted(parts, key=lambda each: -each.height):
        if x and x + part.width > limit:
            x, y, shelf = 0.0, y + shelf + GAP, 0.0
        corners |= {key: (left + x, top + y) for key, (left, top) in part.corners.items()}
        routes |= {edge: [(left + x, top + y) for left, top in points] for edge, points in part.routes.items()}
        width, shelf = max(width, x + part.width), max(shelf, part.height)
        x += part.width + GAP
    return Layout(corners, routes, width, y + shelf)


class _Part:
    """Boxes that hang together."""

    def __init__(self, boxes: Sequence[Box], edges: Sequence[Edge]) -> None:
        self.boxes = boxes
        self.loops = [edge for edge in edges if edge.upper == edge.lower]
        self.edges = [edge for edge in edges if edge.upper != edge.lower]
        self.row = layers_of([box.key for box in boxes], [(edge.upper, edge.lower) for edge in self.edges])
        self._wrap()
        self.rows: list[list[_Place]] = [[] for _ in range(max(self.row.values()) + 1)]
        self.place: dict[str, _Place] = {}
        for box in boxes:
            self.place[box.key] = _Place(box.key, box.width, box)
            self.rows[self.row[box.key]].append(self.place[box.key])
        self.lanes: dict[tuple[str, str, int], _Place] = {}
        self.chains = {edge: self._chain(edge) for edge in self.edges}
        for place in (each for row in self.rows for each in row):
            place.above, place.below = list(dict.fromkeys(place.above)), list(dict.fromkeys(place.below))

    def layout(self) -> Layout:
        """Order, spread, and draw."""
        self._order()
        self._spread()
        return self._drawn()

    def _wrap(self) -> None:
        """Break a row that would be wider than the picture into several."""
        area = sum((box.width + GAP) * (box.height + 3 * STUB) for box in self.boxes)
        limit = max(math.sqrt(area * ASPECT), 700.0)
        wrapped: dict[str, int] = {}
        base = 0
        for layer in range(max(self.row.values()) + 1):
            inside = [box for box in self.boxes if self.row[box.key] == layer]
            number = max(1, math.ceil(sum(box.width + GAP for box in inside) / limit))
            size = math.ceil(len(inside) / number)
            tall_first = sorted(inside, key=lambda box: box.height)
            wrapped |= {box.key: base + place // size for place, box in enumerate(tall_first)}
            base += math.ceil(len(inside) / size)
        self.row = wrapped

    def _chain(self, edge: Edge) -> list[_Place]:
        """The places that a line runs through, with lanes in the rows between; a bundle shares its lanes."""
        upper, lower = self._ends(edge)
        chain = [upper]
        for row in range(self.row[upper.key] + 1, self.row[lower.key]):
            key = (upper.key, edge.bundle, row)
            if key not in self.lanes:
                self.lanes[key] = _Place("/".join(map(str, key)), LANE)
                self.rows[row].append(self.lanes[key])
            chain.append(self.lanes[key])
        chain.append(lower)
        for one, other in pairwise(chain):
            one.below.append(other)
            other.above.append(one)
        return chain

    def _ends(self, edge: Edge) -> tuple[_Place, _Place]:
        """The ends by their rows: in a circle of edges one of them goes up."""
        ends = sorted((self.place[edge.upper], self.place[edge.lower]), key=lambda place: self.row[place.key])
        return ends[0], ends[1]

    def _order(self) -> None:
        """Have each place near the middle of those that it is joined to, and keep the best of several sweeps."""
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for row in self.rows if down else reversed(self.rows):
                index = {id(place): rank for each in self.rows for rank, place in enumerate(each)}
                middle = {}
                for place in row:
                    joined = place.above if down else place.below
                    ranks = [index[id(each)] for each in joined]
                    middle[id(place)] = sum(ranks) / len(ranks) if ranks else float(index[id(place)])
                row[:] = _balanced(row, middle)
            crossings = self._crossings()
            if crossings <= fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _crossings(self) -> int:
        found = 0
        for upper, lower in pairwise(self.rows):
            rank = {id(place): number for number, place in enumerate(lower)}
            ends = [rank[id(each)] for place in upper for each in sorted(place.below, key=lambda each: rank[id(each)])]
            found += sum(1 for number, end in enumerate(ends) for other in ends[:number] if other > end)
        return found

    def _spread(self) -> None:
        """Give each place its x: near those that it is joined to, and beside its neighbours."""
        for row in self.rows:
            x = 0.0
            for place in row:
                place.x = x + place.width / 2
                x += place.width + GAP
        for sweep in range(2 * SWEEPS):
            for row in self.rows if sweep % 2 else reversed(self.rows):
                wanted = []
                for place in row:
                    joined = (
                        [*place.above, *place.below] if sweep > SWEEPS else place.above if sweep % 2 else place.below
                    )
                    wanted.append(sum(each.x for each in joined) / len(joined) if joined else place.x)
                weights = [1.0 if place.box else 4.0 for place in row]
                gaps = [_distance(one, other) for one, other in pairwise(row)]
                for place, x in zip(row, spread(wanted, gaps, weights), strict=True):
                    place.x = x
        left = min(place.x - place.width / 2 for row in self.rows for place in row)
        for row in self.rows:
            for place in row:
                place.x -= left

    def _drawn(self) -> Layout:
        """Rows below one another, with as many tracks between two as lines run there."""
        ports = self._ports()
        corners: dict[str, Point] = {}
        points: dict[Edge, list[Point]] = {edge: [] for edge in self.edges}
        y = 0.0
        for number, row in enumerate(self.rows):
            height = max((place.box.height for place in row if place.box), default=0.0)
            for place in row:
                if place.box:
                    corners[place.key] = (place.x - place.width / 2, y)
            hops = self._hops(number, ports)
            tracks = _tracks(hops)
            for edge, (start, end, upper) in hops.items():
                track = y + height + STUB + tracks[start, end] * TRACK
                top = y + (upper.box.height if upper.box else height)
                points[edge] += [(start, top), (start, track), (end, track)]
            y += height + 2 * STUB + TRACK * (max(tracks.values(), default=0))
            for edge, (_, end, _) in hops.items():
                points[edge].append((end, y))
        bottom = max(corners[box.key][1] + box.height for box in self.boxes)
        routes: dict[Edge, Sequence[Point]] = {
            edge: _straightened(each if edge.upper == self.chains[edge][0].key else each[::-1])
            for edge, each in points.items()
        }
        loops = _loops(self.loops, corners, {box.key: box for box in self.boxes})
        right = max([place.x + place.width / 2 for row in self.rows for place in row])
        right = max([right, *(x for route in loops.values() for x, _ in route)])
        return Layout(corners, {**routes, **loops}, right, bottom)

    def _ports(self) -> dict[tuple[int, Edge, bool], float]:
        """The x at which each edge leaves or enters each place of its chain."""
        found: dict[tuple[int, Edge, bool], float] = {}
        for place in [*self.place.values(), *self.lanes.values()]:
            for is_below in (True, False):
                groups: dict[object, list[Edge]] = defaultdict(list)
                aims: dict[object, list[float]] = defaultdict(list)
                for edge, chain in self.chains.items():
                    if place not in (chain[:-1] if is_below else chain[1:]):
                        continue
                    step = chain.index(place)
                    other = chain[step + 1] if is_below else chain[step - 1]
                    group: object = edge.bundle if is_below or place.box is None else edge
                    groups[group].append(edge)
                    aims[group].append(other.x)
                ranked = sorted(groups, key=lambda group: (sum(aims[group]) / len(aims[group]), str(group)))
                for number, group in enumerate(ranked, 1):
                    # A lane is one line, whatever runs in it.
                    share = number / (len(ranked) + 1) - 0.5 if place.box else 0.0
                    for edge in groups[group]:
                        found[id(place), edge, is_below] = place.x + share * place.width * 0.9
        return found

    def _hops(
        self, number: int, ports: Mapping[tuple[int, Edge, bool], float]
    ) -> dict[Edge, tuple[float, float, _Place]]:
        """Where each edge that runs from a row to the next one leaves and enters."""
        found = {}
        for edge, chain in self.chains.items():
            step = number - self.row[chain[0].key]
            if 0 <= step < len(chain) - 1:
                one, other = chain[step], chain[step + 1]
                found[edge] = (ports[id(one), edge, True], ports[id(other), edge, False], one)
        return found


def _balanced(row: Sequence[_Place], middle: Mapping[int, float]) -> list[_Place]:
    """By their middles; where those are equal, a line that goes further down runs between the boxes."""
    groups: dict[float, list[_Place]] = defaultdict(list)
    for place in row:
        groups[middle[id(place)]].append(place)
    found: list[_Place] = []
    for rank in sorted(groups):
        boxes = [place for place in groups[rank] if place.box]
        lanes = [place for place in groups[rank] if not place.box]
        half = len(boxes) // 2
        found += [*boxes[:half], *lanes, *boxes[half:]]
    return found


def _distance(one: _Place, other: _Place) -> float:
    gap = GAP if one.box and other.box else LANE
    return one.width / 2 + gap + other.width / 2


def _tracks(hops: Mapping[Edge, tuple[float, float, _Place]]) -> dict[tuple[float, float], int]:
    """The number of the track of each horizontal line; lines that begin in the same place share one."""
    spans: dict[float, tuple[float, float]] = {}
    for start, end, _ in hops.values():
        low, high = spans.get(start, (start, start))
        spans[start] = (min(low, end), max(high, end))
    taken: list[list[tuple[float, float]]] = []
    track_of: dict[float, int] = {}
    # Those that go far to the right come first, so that lines which fan out do not cross.
    for start, (low, high) in sorted(
        spans.items(), key=lambda each: (each[1][1] - each[0] > each[0] - each[1][0], each[0])
    ):
        number = next(
            (n for n, row in enumerate(taken) if all(high + 4 < a or b + 4 < low for a, b in row)), len(taken)
        )
        if number == len(taken):
            taken.append([])
        taken[number].append((low, high))
        track_of[start] = number
    return {(start, end): track_of[start] for start, end, _ in hops.values()}


def _loops(
    edges: Sequence[Edge], corners: Mapping[str, Point], boxes: Mapping[str, Box]
) -> dict[Edge, Sequence[Point]]:
    """Lines from a box to itself, at its right side; the first corner is the upper end."""
    found: dict[Edge, Sequence[Point]] = {}
    count: dict[str, int] = defaultdict(int)
    for edge in edges:
        left, top = corners[edge.upper]
        box, number = boxes[edge.upper], count[edge.upper]
        count[edge.upper] += 1
        one = top + min(14 + 12 * number, box.height / 3)
        other = min(one + 26, top + box.height - 4)
        right, out = left + box.width, left + box.width + 24 + 8 * number
        found[edge] = [(right, one), (out, one), (out, other), (right, other)]
    return found


def _straightened(points: Sequence[Point]) -> list[Point]:
    """Without corners that are none."""
    found: list[Point] = []
    for point in points:
        if found and abs(found[-1][0] - point[0]) < 0.5 and abs(found[-1][1] - point[1]) < 0.5:
            continue
        if len(found) > 1 and any(
            abs(found[-2][a] - point[a]) < 0.5 and abs(found[-1][a] - point[a]) < 0.5 for a in (0, 1)
        ):
            found[-1] = point
        else:
            found.append(point)
    return found
