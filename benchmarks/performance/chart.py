"""The picture: how the time grows with the number of migrations, on scales where each step is ten times the last."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from measurement import Measurements

WIDTH, HEIGHT = 760, 300
LEFT, TOP, PANEL, BOTTOM = 56, 34, 190, 44
GAP = 44
# Legible on white and on the dark scheme of the pages alike.
COLOURS: Mapping[str, str] = {"ours": "#2a9d5c", "alembic": "#c9762b", "django": "#7a6ff0"}
NAMES: Mapping[str, str] = {"ours": "alembic-manage", "alembic": "Alembic", "django": "Django"}
GREY = "#8a8f98"
DATABASES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}

Point = tuple[int, float]


def chart(measurements: Measurements, case: str) -> str:
    """A panel a database, a line a tool, as SVG."""
    figures = {key: each for key, each in measurements.figures.items() if key.case == case and key.tool in COLOURS}
    seconds = [each.seconds for each in figures.values()]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    sizes = sorted({key.size for key in figures})
    parts: list[str] = []
    for number, (database, title) in enumerate(DATABASES.items()):
        panel = Panel(LEFT + number * (PANEL + GAP), sizes, low, high)
        parts += panel.frame(title, with_labels=number == 0)
        for tool, colour in COLOURS.items():
            points = sorted(
                (key.size, each.seconds)
                for key, each in figures.items()
                if (key.database, key.tool) == (database, tool)
            )
            parts += panel.line(points, colour)
    parts += _legend()
    label = f"Seconds by number of migrations, each scale in powers of ten: {', '.join(NAMES.values())}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{GREY}">\n' + "\n".join(parts) + "\n</svg>\n"
    )


class Panel:
    """The part of the picture that one database has.

    Args:
        left: where it begins.
        sizes: the numbers of migrations.
        low: the power of ten at its bottom.
        high: the power of ten at its top.
    """

    def __init__(self, left: int, sizes: Sequence[int], low: int, high: int) -> None:
        self.left, self.sizes, self.low, self.high = left, sizes, low, high
        self.height = HEIGHT - TOP - BOTTOM

    def x(self, size: float) -> float:
        """Where a number of migrations is."""
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        return self.left + PANEL * (math.log10(size) - first) / ((last - first) or 1)

    def y(self, seconds: float) -> float:
        """Where a time is."""
        return TOP + self.height * (self.high - math.log10(seconds)) / ((self.high - self.low) or 1)

    def frame(self, title: str, *, with_labels: bool) -> Iterable[str]:
        """Title, grid and labels."""
        right = self.left + PANEL
        yield f'<text x="{self.left}" y="{TOP - 12}" font-size="13" font-weight="600">{title}</text>'
        for power in range(self.low, self.high + 1):
            y = self.y(10**power)
            yield f'<path d="M{self.left} {y:.1f}H{right}" stroke="{GREY}" stroke-opacity=".3"/>'
            if with_labels:
                yield f'<text x="{self.left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        for size in self.sizes:
            x, y = self.x(size), TOP + self.height
            yield f'<path d="M{x:.1f} {TOP}V{y}" stroke="{GREY}" stroke-opacity=".15"/>'
            yield f'<text x="{x:.1f}" y="{y + 16}" text-anchor="middle">{size:,}</text>'

    def line(self, points: Sequence[Point], colour: str) -> Iterable[str]:
        """The line of one tool."""
        if not points:
            return
        places = [(self.x(size), self.y(seconds)) for size, seconds in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for (x, y), (size, seconds) in zip(places, points, strict=True):
            said = f"<title>{size:,}: {seconds:.2f} s</title>"
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">{said}</circle>'


def _legend() -> Iterable[str]:
    for number, (tool, name) in enumerate(NAMES.items()):
        x = LEFT + number * 150
        yield f'<path d="M{x} {HEIGHT - 8}h18" stroke="{COLOURS[tool]}" stroke-width="3"/>'
        yield f'<text x="{x + 24}" y="{HEIGHT - 4}">{name}</text>'
