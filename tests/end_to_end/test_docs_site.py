"""The documentation as a site: no warning, nothing from elsewhere, and a search that finds pages."""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.browser import Opened
from support.projects import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    pytest.importorskip("material", reason="MkDocs Material: not installed; pip install 'alembic-manage[dev]'")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of requests."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the site is served, on this machine only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_search_finds_a_page(address: str, open_page: Callable[..., Opened]) -> None:
    from playwright.sync_api import expect

    opened = open_page(address)
    field = opened.page.locator("input.md-search__input")
    field.click()
    # What is typed before the index is there may be lost.
    expect(opened.page.locator(".md-search-result__meta")).to_have_text("Type to start searching", timeout=60_000)
    field.press_sequentially("kubernetes")
    found = opened.page.locator("a.md-search-result__link").first
    found.click()
    opened.page.wait_for_url("**/containers/**")
    assert opened.page.locator("h1").inner_text().startswith("Docker and Kubernetes")
    assert opened.messages == []
    assert [request for request in opened.requests if not request.startswith((address, "blob:"))] == []
