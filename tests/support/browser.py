"""A browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from support.servers import is_ci

ABSENCE = "Chromium: not installed; apt-get install --no-install-recommends chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Opened:
    """A page, and what it did that a page should not do."""

    page: Any
    """Playwright's."""
    messages: list[str] = field(default_factory=list)
    """What it wrote to the console, and errors that nothing caught."""
    requests: list[str] = field(default_factory=list)
    """The addresses that it asked for, its own left out."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; skipped by name where there is none, and failed under CI=true.

    Not for the session: as long as Playwright is there an event loop runs, and nothing else may start one.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        if is_ci():
            pytest.fail(ABSENCE, pytrace=False)
        pytest.skip(ABSENCE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Without its sandbox, which root may not have.
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], timeout=120_000)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Opens an address: `open_page(path.as_uri(), color_scheme="dark", viewport={"width": 390, "height": 800})`."""
    opened: list[Opened] = []

    def open_(address: str, **options: Any) -> Opened:
        page = browser.new_page(**options)
        page.set_default_timeout(60_000)
        found = Opened(page)
        opened.append(found)
        page.on("console", lambda message: found.messages.append(message.text))
        page.on("pageerror", lambda error: found.messages.append(str(error)))
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(address)
        found.requests = [each for each in found.requests if each != address and not each.startswith("data:")]
        return found

    yield open_
    for each in opened:
        each.page.close()
