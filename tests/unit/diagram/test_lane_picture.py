"""The graph of revisions as a picture."""

import re
from xml.etree import ElementTree

from support.histories import make_history

from alembic_manage.diagram.lane_picture import MOST_LANES, lane_picture, picture_width
from alembic_manage.diagram.lanes import places

SVG = "{http://www.w3.org/2000/svg}"


def picture(graph: dict[str, str]) -> ElementTree.Element:
    history = make_history(graph)
    nodes = [(revision.id, history.parents(revision.id)) for revision in reversed(list(history))]
    return ElementTree.fromstring(lane_picture(list(places(nodes)), 30))


def test_the_oldest_is_at_the_top_and_a_line_runs_through_its_lane():
    root = picture({"a": "", "b": "a", "c": "b"})
    assert [circle.get("cy") for circle in root.iter(f"{SVG}circle")] == ["75", "45", "15"]
    assert [path.get("d") for path in root.iter(f"{SVG}path")] == ["M16 75V15"]


def test_a_branch_leaves_and_comes_back_in_curves():
    root = picture({"a": "", "b": "a", "c": "a", "merge": "b c"})
    curves = [d for path in root.iter(f"{SVG}path") for d in re.findall(r"M\d+ \d+C[\d. ]+", path.get("d") or "")]
    assert len(curves) == 2
    assert [circle.get("class") for circle in root.iter(f"{SVG}circle")] == ["lane0", "lane1", "lane0", "lane0"]


def test_many_lanes_leave_room_for_the_names():
    many = {"a": "", **{f"b{number}": "a" for number in range(40)}}
    history = make_history(many)
    nodes = [(revision.id, history.parents(revision.id)) for revision in reversed(list(history))]
    assert picture_width(list(places(nodes))) == (MOST_LANES + 1) * 16


def test_no_revisions_are_an_empty_picture():
    assert list(ElementTree.fromstring(lane_picture([], 30))) == []
