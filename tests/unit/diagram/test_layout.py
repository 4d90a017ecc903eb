"""Boxes do not overlap, and lines run around them."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_manage.diagram.boxes import Box, Edge, Layout
from alembic_manage.diagram.layers import layers_of, parts_of
from alembic_manage.diagram.layout import laid_out
from alembic_manage.diagram.spread import spread

SIZES = st.tuples(st.integers(60, 300), st.integers(30, 400))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Edge]]:
    boxes = [Box(f"b{number}", *draw(SIZES)) for number in range(draw(st.integers(1, 12)))]
    keys = st.sampled_from([box.key for box in boxes])
    pairs = draw(st.lists(st.tuples(keys, keys), max_size=20, unique=True))
    return boxes, [Edge(upper, lower, upper) for upper, lower in pairs]


def rectangles(boxes: list[Box], layout: Layout) -> dict[str, tuple[float, float, float, float]]:
    corners = layout.corners
    return {
        box.key: (*corners[box.key], corners[box.key][0] + box.width, corners[box.key][1] + box.height) for box in boxes
    }


@settings(max_examples=60)
@given(graphs())
def test_boxes_do_not_overlap_and_lie_in_the_picture(graph: tuple[list[Box], list[Edge]]) -> None:
    layout = laid_out(*graph)
    found = rectangles(graph[0], layout)
    for (a, b, c, d), (e, f, g, h) in combinations(found.values(), 2):
        assert c < e or g < a or d < f or h < b
    assert all(
        x >= -0.01 and y >= -0.01 and r <= layout.width + 0.01 and b <= layout.height + 0.01
        for x, y, r, b in found.values()
    )


@settings(max_examples=60)
@given(graphs())
def test_lines_go_from_box_to_box_and_through_none(graph: tuple[list[Box], list[Edge]]) -> None:
    boxes, edges = graph
    layout = laid_out(boxes, edges)
    found = rectangles(boxes, layout)
    for edge in edges:
        route = layout.routes[edge]
        assert on_border(route[0], found[edge.upper])
        assert on_border(route[-1], found[edge.lower])
        for (x, y), (u, v) in pairwise(route):
            assert abs(x - u) < 0.5 or abs(y - v) < 0.5
            for left, top, right, bottom in found.values():
                assert (
                    max(x, u) <= left + 1 or min(x, u) >= right - 1 or max(y, v) <= top + 1 or min(y, v) >= bottom - 1
                )


def on_border(point: tuple[float, float], rectangle: tuple[float, float, float, float]) -> bool:
    (x, y), (left, top, right, bottom) = point, rectangle
    inside = left - 0.5 <= x <= right + 0.5 and top - 0.5 <= y <= bottom + 0.5
    return inside and min(abs(x - left), abs(x - right), abs(y - top), abs(y - bottom)) < 0.5


@given(graphs())
@settings(max_examples=20)
def test_the_same_input_gives_the_same_picture(graph: tuple[list[Box], list[Edge]]) -> None:
    assert laid_out(*graph) == laid_out(*graph)


def test_a_parent_is_above_its_children() -> None:
    boxes = [Box(key, 100, 50) for key in ("line", "order", "customer")]
    edges = [Edge("customer", "order", "c"), Edge("order", "line", "o"), Edge("customer", "line", "c")]
    tops = {key: y for key, (_, y) in laid_out(boxes, edges).corners.items()}
    assert tops["customer"] < tops["order"] < tops["line"]


def test_a_circle_has_rows_all_the_same() -> None:
    assert sorted(layers_of(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")]).values()) == [0, 1, 2]


def test_a_long_chain_is_no_stack_of_calls() -> None:
    keys = [str(number) for number in range(1500)]
    assert layers_of(keys, list(pairwise(keys)))["1499"] == 1499


def test_parts_are_what_hangs_together() -> None:
    assert parts_of(["a", "b", "c"], [("c", "a")]) == [frozenset("ac"), frozenset("b")]


def test_many_tables_make_a_picture_that_is_not_a_ribbon() -> None:
    boxes = [Box(f"b{number}", 200, 150) for number in range(100)]
    layout = laid_out(boxes, [Edge("b0", box.key, "b0") for box in boxes[1:]])
    assert 0.5 < layout.width / layout.height < 3


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=12))
def test_places_keep_their_distance_and_their_weighted_middle(wanted: list[float]) -> None:
    places = spread(wanted, [10.0] * (len(wanted) - 1), [1.0] * len(wanted))
    assert all(other - one >= 10 - 1e-6 for one, other in pairwise(places))
    assert abs(sum(places) - sum(wanted)) < 1e-3


def test_places_that_fit_stay_where_they_want_to_be() -> None:
    assert spread([0, 50, 100], [10, 10], [1, 1, 1]) == [0, 50, 100]
