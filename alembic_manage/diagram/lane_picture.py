"""The graph of revisions as an SVG picture, a row for each revision; the text beside it is the page's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.lanes import Place

LANE = 16
"""The width of a lane, in pixels."""
DOT = 4.5
COLOURS = 5
"""How many colours the style sheet has for lanes: classes lane0, lane1, ..."""
MOST_LANES = 12
"""Lanes further right share the last place: a list of names must stay beside them."""


def lane_picture(places: Sequence[Place], row: int) -> str:
    """The `svg` element; it says nothing to a screen reader, for which the list beside it says the same.

    Args:
        places: the rows, from above.
        row: the height of a row, in pixels.
    """
    width = picture_width(places)
    height = row * len(places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lanes" aria-hidden="true" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{"".join(_lines(places, row))}{"".join(_dots(places, row))}</svg>'
    )


def picture_width(places: Sequence[Place]) -> int:
    """The width of the picture, in pixels."""
    return (min(max((place.width for place in places), default=1), MOST_LANES) + 1) * LANE


def _x(lane: int) -> int:
    return LANE * min(lane, MOST_LANES - 1) + LANE


def _lines(places: Sequence[Place], row: int) -> Iterator[str]:
    """A path for each colour: the straight pieces of a lane as one line."""
    pieces: dict[int, list[str]] = {}
    begun: dict[int, int] = {}
    for number, place in enumerate([*places, None]):
        straight = {lane for lane, other in place.incoming if lane == other} if place else set()
        for lane in [lane for lane in begun if lane not in straight]:
            pieces.setdefault(lane % COLOURS, []).append(
                f"M{_x(lane)} {_y(begun.pop(lane), row)}V{_y(number - 1, row)}"
            )
        if place is None:
            break
        for lane in straight:
            begun.setdefault(lane, number - 1)
        for lane, other in place.incoming:
            if lane != other:
                above, here = _y(number - 1, row), _y(number, row)
                middle = (above + here) / 2
                curve = f"M{_x(lane)} {above}C{_x(lane)} {middle:g} {_x(other)} {middle:g} {_x(other)} {here}"
                pieces.setdefault(max(lane, other) % COLOURS, []).append(curve)
    for colour in sorted(pieces):
        yield f'<path class="lane{colour}" d="{"".join(pieces[colour])}"/>'


def _y(number: int, row: int) -> int:
    return number * row + row // 2


def _dots(places: Sequence[Place], row: int) -> Iterator[str]:
    for number, place in enumerate(places):
        yield f'<circle class="lane{place.lane % COLOURS}" cx="{_x(place.lane)}" cy="{_y(number, row)}" r="{DOT}"/>'
