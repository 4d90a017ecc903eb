"""The HTML diagram as somebody uses it: search, keyboard, zoom, phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.browser import Opened

from alembic_manage.diagram.diagram import Column, Diagram, Relation, Table
from alembic_manage.diagram.html import html

NAMES = [f"table_{number:02}" for number in range(40)]
ODD = 'a<b>&"c"'


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a tree of tables, and one with an odd name."""
    tables = tuple(
        Table(name, (Column("id", "integer", is_primary=True), Column(f"of_{name}", "text"))) for name in NAMES
    )
    relations = tuple(Relation(name, NAMES[number // 4], ("id",)) for number, name in enumerate(NAMES[1:]))
    odd = Table(ODD, (Column("<script>alert(1)</script>", "text"),))
    path = tmp_path_factory.mktemp("diagram") / "diagram.html"
    path.write_text(html(Diagram(ODD, (*tables, odd), relations)), encoding="utf-8")
    return path


@pytest.fixture
def opened(page_file: Path, open_page: Callable[..., Opened]) -> Opened:
    return open_page(page_file.as_uri(), viewport={"width": 1000, "height": 700})


def scale(opened: Opened) -> float:
    return float(opened.page.evaluate("view.scale"))


def is_seen(opened: Opened, name: str) -> bool:
    """Whether the middle of a table is on the screen."""
    box = opened.page.locator(f'.table[data-name="{name}"]').bounding_box()
    size = opened.page.viewport_size
    return bool(0 < box["x"] + box["width"] / 2 < size["width"] and 0 < box["y"] + box["height"] / 2 < size["height"])


def test_it_loads_nothing_and_complains_of_nothing(opened: Opened) -> None:
    opened.page.keyboard.press("Tab")
    assert opened.requests == []
    assert opened.messages == []
    assert opened.page.title() == ODD
    assert opened.page.locator("h1").inner_text() == ODD
    assert opened.page.locator(".table").count() == 41


def test_search_finds_a_table_by_its_name_and_by_a_column(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("of_table_37")
    assert page.locator("#found").inner_text() == "1 table"
    assert page.locator(".table.match").get_attribute("data-name") == "table_37"
    assert is_seen(opened, "table_37")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.name") == "table_37"
    assert page.locator(".relation.near").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".table.match").count() == 0
    page.fill("#search", "nothing like it")
    assert page.locator("#found").inner_text() == "No tables"


def test_tab_goes_from_table_to_table_and_says_what_each_is(opened: Opened) -> None:
    page = opened.page
    page.focus("#in")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert first == "Table table_00. Columns: id integer primary key, of_table_00 text."
    page.keyboard.press("Tab")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert second.endswith("Refers to table_00.")
    assert is_seen(opened, "table_01")


def test_buttons_keys_and_wheel_zoom(opened: Opened) -> None:
    page, before = opened.page, scale(opened)
    page.get_by_role("button", name="Zoom in").click()
    assert scale(opened) == pytest.approx(before * 1.3)
    page.keyboard.press("-")
    assert scale(opened) == pytest.approx(before)
    page.mouse.move(500, 400)
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"view.scale > {before}")
    page.get_by_role("button", name="Show all").click()
    seen = page.evaluate("[svg.clientWidth / view.scale >= width - 1, svg.clientHeight / view.scale >= height - 1]")
    assert seen == [True, True]


def test_dragging_and_arrows_move_the_picture(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("+")
    before = page.evaluate("view.x")
    page.mouse.move(500, 600)
    page.mouse.down()
    page.mouse.move(460, 600)
    page.mouse.up()
    moved = page.evaluate("view.x")
    assert moved > before
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("view.x") < moved


def test_on_a_phone_nothing_is_cut_off_and_fingers_hit_the_buttons(
    page_file: Path, open_page: Callable[..., Opened]
) -> None:
    page = open_page(page_file.as_uri(), viewport={"width": 390, "height": 800}, has_touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [page.locator(name).bounding_box() for name in ("#search", "#out", "#fit", "#in")]
    assert all(box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)


def test_dark_and_light_are_the_readers_choice(page_file: Path, open_page: Callable[..., Opened]) -> None:
    colour = "getComputedStyle(document.querySelector('.diagram .box')).fill"
    found = {
        scheme: open_page(page_file.as_uri(), color_scheme=scheme).page.evaluate(colour) for scheme in ("dark", "light")
    }
    assert found == {"dark": "rgb(26, 32, 42)", "light": "rgb(255, 255, 255)"}
