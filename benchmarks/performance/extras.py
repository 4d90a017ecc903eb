"""The lines that have a benchmark of their own: test databases, and rows."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databases import MariaDB, OnServer, PostgreSQL, name_of
from measurement import Key, Measurements, say
from process import ROOT, Run

sys.path.append(str(ROOT / "benchmarks"))

import data
import test_databases


def measure_test_databases(measurements: Measurements, places: Mapping[str, Any], revisions: int, runs: int) -> None:
    """From zero, for a worker, after a test."""
    for kind, place in places.items():
        found = []
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                url = f"sqlite:///{folder / 'shop.sqlite3'}"
                if kind != "sqlite":
                    database: OnServer = {"postgresql": PostgreSQL, "mariadb": MariaDB}[kind](name_of("test"), place)
                    url = database.url
                found.append(test_databases.measure(url, folder / "project", revisions))
        say(f"{kind}: test databases\n    {found[-1].line}")
        for case, name in (("test_zero", "zero"), ("test_copy", "copied"), ("test_back", "restored")):
            seconds = statistics.median(getattr(each, name) for each in found)
            measurements.add(Key(kind, case, revisions, "ours"), [Run(seconds, 0, 0)] * runs)


def measure_data(measurements: Measurements, rows: int) -> None:
    """dumpdata and loaddata of JSON, beside the database's own tool."""
    for line in data.lines(rows):
        say(f"data: {line.text}")
        title, _, rest = line.name.partition(": ")
        if rest != "json":
            continue
        for tool, size, pair in (
            ("ours", rows, line.runs),
            ("floor", rows, line.peer),
            ("ours", rows // 100, line.small),
        ):
            for case, each in zip(("dump", "load"), pair or (), strict=False):
                run = Run(each.seconds, 0, each.peak_mb)
                measurements.add(Key(title.lower(), case, size, tool), [run])
