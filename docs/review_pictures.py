"""Writes docs/review/NAME.png, the page of `review` in Chromium: `python docs/review_pictures.py`.

Reviews the project in tests/cases/branch_to_review; the locks are measured on the PostgreSQL server of DATABASE_URL.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "review"
CASE = ROOT / "tests" / "cases" / "branch_to_review"
sys.path.insert(0, str(ROOT / "tests"))

from support.projects import SKELETON, ProjectFolder  # noqa: E402

WIDE = {"width": 1320, "height": 900}
PHONE = {"width": 390, "height": 780}
PICTURES: dict[str, tuple[dict[str, Any], str]] = {
    "light": ({"viewport": WIDE}, "article >> nth=1"),
    "dark": ({"viewport": WIDE, "color_scheme": "dark"}, "article >> nth=1 >> .database"),
    "phone": ({"viewport": PHONE, "has_touch": True}, "header"),
}
"""By name: how the browser is opened, and what is at the top."""


def main() -> None:
    """Write all of them."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = _reviewed(Path(folder) / "shop")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        FOLDER.mkdir(exist_ok=True)
        for name, (options, top) in PICTURES.items():
            page = browser.new_page(reduced_motion="reduce", **options)
            page.goto(page_file.as_uri())
            page.locator(top).first.evaluate("(each) => each.scrollIntoView()")
            page.wait_for_timeout(500)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def _reviewed(path: Path) -> Path:
    """The page, made in a copy of the case."""
    for name in SKELETON:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, path / name)
    shutil.copytree(CASE, path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    url = os.environ.get("DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    project = ProjectFolder(path, url)
    project.replace(
        "settings.py",
        "DATABASES = {\n",
        'DATABASES = {\n    "archive": {"URL": "sqlite:///archive.sqlite3"},\n',
    )
    project.ok("review", "0001:", "--locks", "--output", "review.html")
    return path / "review.html"


if __name__ == "__main__":
    main()
