"""Tables of the figures, on standard output and in docs/performance.md."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from chart import DATABASES, chart
from measurement import Figure, Key, Measurements
from process import ROOT
from reach import goals

RESULTS = Path(__file__).with_name("results.json")
PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"
TITLES = {
    "help": "`help`",
    "version": "`--version`",
    "typo": "a typo",
    "complete": "the Tab key",
    "nothing": "`migrate`, nothing to do",
    "nothing_kept": "the same, and nothing is kept of earlier runs",
    "upgrade": "`migrate`, all on an empty database",
    "status": "`showmigrations`",
    "sql": "`sqlmigrate` of one",
    "back": "`rollback` of one",
    "forth": "`migrate` of one",
    "check": "`makemigrations --check`, nothing changed",
    "check_new": "the same after one new migration",
}
TOOLS = ("ours", "alembic", "django", "floor")


def markdown(measurements: Measurements) -> str:
    """What was reached, and all figures."""
    return f"{reached(measurements)}\n\n{figures(measurements)}"


def reached(measurements: Measurements) -> str:
    """A row a goal."""
    rows = [goal.row for goal in goals(measurements)]
    return "\n".join(["| | wanted | measured | |", "| --- | ---: | ---: | --- |", *rows])


def figures(measurements: Measurements) -> str:
    """A table a database."""
    return "\n\n".join(
        "\n".join(_table(measurements, database, title))
        for database, title in DATABASES.items()
        if any(key.database == database and key.case in TITLES for key in measurements.figures)
    )


def _table(measurements: Measurements, database: str, title: str) -> Iterable[str]:
    yield f"| {title} | migrations | alembic-manage | Alembic | Django | client | Alembic / ours | Django / ours |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    cases = list(TITLES)
    found = {(key.case, key.size) for key in measurements.figures if key.database == database and key.case in TITLES}
    for case, size in sorted(found, key=lambda row: (cases.index(row[0]), row[1])):
        row = [measurements.get(database, case, size, tool) for tool in TOOLS]
        ratios = [_ratio(peer, row[0]) for peer in row[1:3]]
        yield f"| {' | '.join([TITLES[case], f'{size:,}', *map(_cell, row), *ratios])} |"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    few = f" ({figure.runs} runs)" if figure.runs < 7 else ""
    memory = f", {figure.peak_mb:.0f} MB" if figure.peak_mb else ""
    return f"{figure.seconds:.2f} s{memory}{few}"


def _ratio(peer: Figure | None, ours: Figure | None) -> str:
    return f"{peer.seconds / ours.seconds:.1f}" if peer and ours else ""


def test_databases(measurements: Measurements) -> str:
    """From zero, a copy, and brought back."""
    rows = ["| | migrations | from zero | a copy for a worker | after a test |", "| --- | ---: | ---: | ---: | ---: |"]
    for key, zero in measurements.figures.items():
        if key.case == "test_zero":
            cells = [_seconds(measurements, key, case, zero) for case in ("test_copy", "test_back")]
            rows.append(f"| {DATABASES[key.database]} | {key.size:,} | {zero.seconds:.2f} s | {' | '.join(cells)} |")
    return "\n".join(rows)


def _seconds(measurements: Measurements, key: Key, case: str, zero: Figure) -> str:
    found = measurements.get(key.database, case, key.size, "ours")
    return f"{found.seconds:.3f} s, {zero.seconds / found.seconds:.0f} times faster" if found else ""


def data(measurements: Measurements) -> str:
    """Rows a second."""
    rows = ["| | rows | alembic-manage | the database's own tool |", "| --- | ---: | ---: | ---: |"]
    for key, ours in measurements.figures.items():
        if key.case not in ("dump", "load") or key.tool != "ours" or key.size < max(_sizes(measurements)):
            continue
        tool = measurements.get(key.database, key.case, key.size, "floor")
        cells = [
            f"{key.size / each.seconds:,.0f} a second, {each.peak_mb:.0f} MB" if each else "" for each in (ours, tool)
        ]
        rows.append(f"| {DATABASES[key.database]}, `{key.case}data` | {key.size:,} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _sizes(measurements: Measurements) -> list[int]:
    return [key.size for key in measurements.figures if key.case == "dump"]


def circumstances() -> str:
    """Where it ran."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "Alembic", "Django"))
    return f"CPython {sys.version.split()[0]} on {platform.system()} {platform.machine()}; {versions}."


def write_docs(measurements: Measurements) -> None:
    """Put the figures between their marks in docs/performance.md, and the picture beside it."""
    text = PAGE.read_text(encoding="utf-8")
    for name, content in (
        ("circumstances", circumstances()),
        ("reached", reached(measurements)),
        ("figures", figures(measurements)),
        ("test-databases", test_databases(measurements)),
        ("data", data(measurements)),
    ):
        mark = re.compile(rf"(<!-- {name}: .*? -->\n).*?(\n<!-- end -->)", re.DOTALL)
        if not mark.search(text):
            raise SystemExit(f"{PAGE.name} has no place for {name}")
        text = mark.sub(lambda match, content=content: f"{match[1]}{content}{match[2]}", text)
    PAGE.write_text(text, encoding="utf-8")
    PICTURE.write_text(chart(measurements, "nothing"), encoding="utf-8")
