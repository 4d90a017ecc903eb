"""A diagram as one HTML page with search, zoom and keyboard, which loads nothing from anywhere."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from alembic_manage.diagram.diagram import Diagram
from alembic_manage.diagram.svg import drawing

_HERE = Path(__file__).parent


def html(diagram: Diagram) -> str:
    """The text of the page."""
    page = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(diagram.title),
        about=escape(diagram.description),
        style=_read("theme.css") + _read("diagram.css") + _read("page.css"),
        script=_read("page.js"),
        drawing=drawing(diagram),
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
