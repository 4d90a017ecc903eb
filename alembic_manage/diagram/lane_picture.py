"""The graph of revisions as an SVG picture, a row for each revision; the text beside it is the page's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.diagram.lanes import Place

LANE = 16
"""The width of a lane, in pixels."""
DOT = 4.5
COLOURS = 5
"""How many colours the style sheet has for lanes: classes lane0, lane1, ..."""
MOST_LANES = 12
"""Lanes further right share the last place: a list of names must stay beside them."""


def lane_picture(places: Sequence[Place], row: int) -> str:
    """The `svg` element, the oldest revision at the top.

    It says nothing to a screen reader, for which the list beside it says the same.

    Args:
        places: the newest first.
        row: the height of a row, in pixels.
    """
    width, height = picture_width(places), row * len(places)
    inside = "".join([*_lines(places, row), *_dots(places, row)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lanes" aria-hidden="true" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{inside}</svg>'
    )


def picture_width(places: Sequence[Place]) -> int:
    """The width of the picture, in pixels."""
    return (min(max((place.width for place in places), default=1), MOST_LANES) + 1) * LANE


def _x(lane: int) -> int:
    return LANE * min(lane, MOST_LANES - 1) + LANE


def _lines(places: Sequence[Place], row: int) -> Iterator[str]:
    """A path for each colour: the straight pieces of a lane as one line."""
    heights = _heights(places, row)
    pieces: dict[int, list[str]] = {}
    begun: dict[int, int] = {}
    for number, incoming in enumerate([*(place.incoming for place in places), ()]):
        straight = {lane for lane, other in incoming if lane == other}
        for lane in [lane for lane in begun if lane not in straight]:
            line = f"M{_x(lane)} {heights[begun.pop(lane)]}V{heights[number - 1]}"
            pieces.setdefault(lane % COLOURS, []).append(line)
        for lane in straight:
            begun.setdefault(lane, number - 1)
        for lane, other in incoming:
            if lane != other:
                curve = _curve((_x(lane), heights[number - 1]), (_x(other), heights[number]))
                pieces.setdefault(max(lane, other) % COLOURS, []).append(curve)
    for colour in sorted(pieces):
        yield f'<path class="lane{colour}" d="{"".join(pieces[colour])}"/>'


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    middle = (start[1] + end[1]) / 2
    return f"M{start[0]} {start[1]}C{start[0]} {middle:g} {end[0]} {middle:g} {end[0]} {end[1]}"


def _heights(places: Sequence[Place], row: int) -> list[int]:
    """The middle of each row; the last place is at the top."""
    return [row * number + row // 2 for number in reversed(range(len(places)))]


def _dots(places: Sequence[Place], row: int) -> Iterator[str]:
    for place, height in zip(places, _heights(places, row), strict=True):
        yield f'<circle class="lane{place.lane % COLOURS}" cx="{_x(place.lane)}" cy="{height}" r="{DOT}"/>'
