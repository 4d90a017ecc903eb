"""Tables of the figures."""

from __future__ import annotations

from pathlib import Path

from measurement import Figure, Measurements
from process import ROOT

RESULTS = Path(__file__).with_name("results.json")
TITLES = {
    "help": "`help`",
    "version": "`--version`",
    "typo": "a typo",
    "complete": "the Tab key",
    "nothing": "`migrate`, nothing to do",
    "upgrade": "`migrate` all, empty database",
    "status": "`showmigrations`",
    "sql": "`sqlmigrate` one",
    "back": "`rollback` one",
    "forth": "`migrate` one",
    "check": "`makemigrations --check`, nothing changed",
    "check_new": "the same, one new migration",
}
TOOLS = ("ours", "alembic", "django", "floor")


def markdown(measurements: Measurements) -> str:
    """All figures."""
    lines = [
        "| | migrations | alembic-manage | Alembic 1.20 | Django 5.2 | client | Alembic / ours | Django / ours |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows = sorted({(key.database, key.case, key.size) for key in measurements.figures}, key=_place)
    for database, case, size in rows:
        found = [measurements.get(database, case, size, tool) for tool in TOOLS]
        ours, alembic, django, _ = found
        cells = [
            f"{database}: {TITLES[case]}",
            f"{size:,}",
            *map(_cell, found),
            _ratio(alembic, ours),
            _ratio(django, ours),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _place(row: tuple[str, str, int]) -> tuple[int, int, int]:
    database, case, size = row
    return ("sqlite", "postgresql", "mariadb").index(database), list(TITLES).index(case), size


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return f"{figure.seconds:.3f} s, {figure.peak_mb:.0f} MB" if figure.peak_mb >= 1 else f"{figure.seconds:.3f} s"


def _ratio(peer: Figure | None, ours: Figure | None) -> str:
    return f"{peer.seconds / ours.seconds:.2f}" if peer and ours else ""


def write_docs(measurements: Measurements) -> None:
    """Into docs/performance.md."""
    raise NotImplementedError(ROOT)
