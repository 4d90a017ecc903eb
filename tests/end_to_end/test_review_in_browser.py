"""The review as somebody reads it: with one migration and with 500, by mouse, keyboard, screen reader and phone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.browser import Opened
from support.reviews import make_review

from alembic_manage.review.html import html

SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}
ODD = 'a<b>&"c"'
SLOWEST_MS = 5000
"""Until the page of 500 can be used, on a slow machine with other work."""

# The contrast of each text with what is behind it; texts in pictures are asked for by their colours, below.
# Source: WCAG 2.2, "relative luminance" and "contrast ratio".
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((each) => each / 255)
      .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const element of document.querySelectorAll("body *:not(svg *):not(script)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (own && element.checkVisibility()) {
      found.push([element.tagName + "." + element.className, ratio(getComputedStyle(element).color, behind(element))]);
    }
  }
  const picture = getComputedStyle(document.querySelector(".diagram"));
  const colour = (name) => {
    const probe = document.createElement("i");
    probe.style.color = picture.getPropertyValue(name);
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const papers = ["--box", "--added", "--removed", "--altered"];
  for (const ink of ["--ink", "--muted", "--mark"]) {
    for (const paper of papers) found.push([ink + " on " + paper, ratio(colour(ink), colour(paper))]);
  }
  for (const name of papers.slice(1)) found.push([name, ratio(colour(name + "-ink"), colour(name))]);
  found.push(["--ink on --head", ratio(colour("--ink"), colour("--head"))]);
  return found;
}"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a review of one migration with an odd name."""
    path = tmp_path_factory.mktemp("review") / "one.html"
    path.write_text(html(make_review(1, ODD)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a review of 500 migrations."""
    path: Path = tmp_path_factory.mktemp("review") / "many.html"
    path.write_text(html(make_review(500)), encoding="utf-8")
    assert path.stat().st_size < 5_000_000
    return path.as_uri()


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))


def shown(page: Any) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('article:not([hidden])')].map((each) => each.id)")
    return found


def in_view(page: Any, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    return bool(box and box["y"] + box["height"] > 0 and box["y"] < page.viewport_size["height"])


def test_one_migration_is_shown_whole_and_nothing_is_loaded(one: str, open_page: Callable[..., Opened]) -> None:
    opened = open_page(one, viewport=SIZE)
    page = opened.page
    assert (opened.requests, opened.messages) == ([], [])
    assert page.locator("h1").inner_text() == f"Review of shop{ODD}"
    assert page.locator("article").count() == 1
    assert page.locator("article .diagram").count() == 2
    assert page.get_by_text("ALTER TABLE orders ADD COLUMN").is_visible()
    assert page.locator(".graph a").count() == page.locator(".lanes circle").count() == 1


def test_landmarks_headings_and_names_for_a_screen_reader(one: str, open_page: Callable[..., Opened]) -> None:
    page = open_page(one, viewport=SIZE).page
    for role, name in (("banner", None), ("search", None), ("navigation", "1 migration"), ("main", None)):
        assert page.get_by_role(role, name=name).count() == 1, role
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((each) => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert (
        page.get_by_role("article").evaluate("(each) => each.getAttribute('aria-labelledby')") == "m-0001_change-title"
    )
    assert page.get_by_role("searchbox", name="Search").count() == 1
    pictures = page.get_by_role("img")
    after = pictures.filter(has=page.locator(".added")).first
    assert "status_1 varchar(16) added" in after.locator("desc").first.text_content()
    assert page.evaluate("document.querySelectorAll('svg [tabindex]').length") == 0


def test_tab_goes_from_the_skip_link_through_the_page(one: str, open_page: Callable[..., Opened]) -> None:
    page = open_page(one, viewport=SIZE).page
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(focused(page))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px", stops
    assert stops[:4] == ["Skip to the migrations", "search", "1 migration", f"Orders change 1{ODD}error"]
    page.focus(".skip")
    assert in_view(page, ".skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(one: str, open_page: Callable[..., Opened], scheme: str) -> None:
    page = open_page(one, viewport=SIZE, color_scheme=scheme).page
    found = page.evaluate(CONTRASTS)
    assert len(found) > 40
    assert [(name, round(ratio, 2)) for name, ratio in found if ratio < 4.5] == []
    expected = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 21, 28)"}[scheme]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == expected


def test_five_hundred_migrations_open_at_once(many: str, open_page: Callable[..., Opened]) -> None:
    opened = open_page(many, viewport=SIZE)
    assert opened.messages == []
    timing = opened.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert timing < SLOWEST_MS
    # What is out of sight is not laid out.
    assert (
        opened.page.locator("#m-0400_change h2").evaluate(
            "(each) => each.checkVisibility({contentVisibilityAuto: true})"
        )
        is False
    )


def test_search_shows_what_fits_and_says_how_many(many: str, open_page: Callable[..., Opened]) -> None:
    page = open_page(many, viewport=SIZE).page
    page.keyboard.press("/")
    page.keyboard.type("status_321 varchar(16)")
    assert page.locator("#found").inner_text() == "1 migration"
    assert shown(page) == ["m-0321_change"]
    assert page.locator(".graph li:not(.out)").count() == 1
    page.fill("#search", "no such thing")
    assert page.locator("#found").inner_text() == "No migrations"
    assert page.locator("#nothing").is_visible()
    page.keyboard.press("Escape")
    assert len(shown(page)) == 500
    page.keyboard.press("j")
    assert page.locator("#search").input_value() == ""


def test_keys_and_links_lead_from_one_to_the_next(many: str, open_page: Callable[..., Opened]) -> None:
    page = open_page(many, viewport=SIZE, reduced_motion="reduce").page
    page.locator('.graph a[href="#m-0250_change"]').click()
    page.wait_for_function("() => document.querySelector('.graph a[aria-current]')?.hash === '#m-0250_change'")
    assert in_view(page, "#m-0250_change h2")
    page.keyboard.press("j")
    assert focused(page) == "Orders change 251"
    assert in_view(page, "#m-0251_change h2")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert focused(page) == "Orders change 249"
    page.locator("#m-0249_change .links a").first.click()
    assert page.evaluate("location.hash") == "#m-0248_change"
    assert in_view(page, "#m-0248_change h2")


@pytest.mark.parametrize("count", ["one", "many"])
def test_on_a_phone_nothing_is_cut_off_and_fingers_hit_what_they_mean(
    request: pytest.FixtureRequest, open_page: Callable[..., Opened], count: str
) -> None:
    page = open_page(request.getfixturevalue(count), viewport=PHONE, has_touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("#search", "#graph summary", "#m-0001_change .database summary >> nth=0"):
        assert page.locator(name).bounding_box()["height"] >= 44, name
    assert page.locator("#graph").evaluate("(each) => each.open") is (count == "one")
    wide = page.locator("#m-0001_change .scroll").last
    wide.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('#m-0001_change .scroll[tabindex=\"0\"]') !== null", timeout=10_000
    )
    assert wide.evaluate("(each) => each.scrollWidth > each.clientWidth")
