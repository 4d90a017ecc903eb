"""dumpdata and loaddata beside the databases' own tools: `python benchmarks/data.py [ROWS]`.

A table of an integer, a text, a decimal and a time stamp, filled with ROWS rows (100,000 unless told). Each case runs
as a process of its own; what is printed is rows a second, the ratio to the database's own tool, and the peak of memory,
also for a hundredth of the rows: it must not grow with them. Django's commands run where Django is installed (extra
`bench`).

Needs the servers of the tests (TEST_POSTGRESQL_URL, TEST_MARIADB_URL), sqlite3 and psql.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sqlalchemy import URL  # noqa: E402
from support.databases import fresh_database  # noqa: E402
from support.servers import MARIADB, POSTGRESQL  # noqa: E402

PROJECT = ("manage.py", "settings.py", "alembic.ini", "alembic_database/env.py", "alembic_database/script.py.mako")
MODELS = """
from sqlalchemy import Column, DateTime, Integer, MetaData, Numeric, String, Table

metadata = MetaData()
bench_rows = Table("bench_rows", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)),
                   Column("amount", Numeric(10, 2)), Column("at", DateTime))
"""
FILL = """
import datetime, decimal, sys, warnings
warnings.simplefilter("ignore")
from sqlalchemy import create_engine, insert
from bench.models import metadata
engine, rows = create_engine(sys.argv[1]), int(sys.argv[2])
metadata.drop_all(engine)
metadata.create_all(engine)
with engine.begin() as connection:
    for start in range(0, rows, 10_000):
        connection.execute(insert(metadata.tables["bench_rows"]), [
            {"name": f"row {n} of many", "amount": decimal.Decimal(n) / 100, "at": datetime.datetime(2024, 1, 1)}
            for n in range(start, min(rows, start + 10_000))
        ])
"""
STARTER = """
import os, sys
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""
DJANGO = """
import sys, django
from django.conf import settings
settings.configure(INSTALLED_APPS=["bench"], USE_TZ=False, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}})
from django.db import models
django.setup()
class BenchRow(models.Model):
    name = models.CharField(max_length=50, null=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    at = models.DateTimeField(null=True)
    class Meta:
        app_label, db_table = "bench", "bench_rows"
from django.core.management import call_command
call_command(*sys.argv[2:])
"""


@dataclass(frozen=True)
class Run:
    """How long a process took, and how much memory it had."""

    seconds: float
    peak_mb: float


Pair = tuple[Run, Run]
"""Dump and load."""


def run(argv: Sequence[str], folder: Path, url: str = "", stdin: Path | None = None, stdout: Path | None = None) -> Run:
    """Run a command to its end, which must be a good one."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "PYTHONWARNINGS": "ignore",
    }
    source = stdin.open("rb") if stdin else subprocess.DEVNULL
    sink = stdout.open("wb") if stdout else subprocess.DEVNULL
    # A process begins with the peak of the one that starts it, so that is a small one.
    report = folder / "report"
    starter = [sys.executable, "-S", "-c", STARTER, str(report), *argv]
    begun = time.perf_counter()
    status = subprocess.run(starter, cwd=folder, env=environment, stdin=source, stdout=sink, check=False).returncode
    seconds = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{' '.join(argv)} ended with {status}")
    return Run(seconds, int(report.read_text()) / 1024)


def manage(folder: Path, url: str, *argv: str) -> Run:
    """`python manage.py ARGV`."""
    return run([sys.executable, "manage.py", *argv], folder, url)


@contextmanager
def project() -> Iterator[Path]:
    """The repository's own project with the one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "alembic_database").mkdir()
        for each in PROJECT:
            shutil.copy(ROOT / each, folder / each)
        (folder / "bench").mkdir()
        (folder / "bench" / "__init__.py").touch()
        (folder / "bench" / "models.py").write_text(MODELS)
        settings = folder / "settings.py"
        settings.write_text(settings.read_text().replace('["myproject"]', '["bench"]'))
        yield folder


def ours(folder: Path, url: str, rows: int, end: str) -> Pair:
    """dumpdata, then loaddata into the emptied table."""
    run([sys.executable, "-c", FILL, url, str(rows)], folder)
    dumped = manage(folder, url, "dumpdata", "-o", f"bench.bench_rows.{end}")
    manage(folder, url, "flush", "--no-input")
    return dumped, manage(folder, url, "loaddata", f"bench.bench_rows.{end}")


def sqlite_tool(folder: Path, database: Path) -> Pair:
    """sqlite3's .dump, and .read."""
    dumped = run(["sqlite3", str(database), ".dump"], folder, stdout=folder / "dump.sql")
    return dumped, run(["sqlite3", str(folder / "read.db"), ".read dump.sql"], folder)


def copy_tool(folder: Path, url: URL) -> Pair:
    """psql's COPY, out and in."""
    place = url.set(drivername="postgresql").render_as_string(hide_password=False)
    psql = ["psql", "-q", place, "-c"]
    dumped = run([*psql, "COPY bench_rows TO STDOUT"], folder, stdout=folder / "copy.txt")
    run([*psql, "TRUNCATE bench_rows"], folder)
    return dumped, run([*psql, "COPY bench_rows FROM STDIN"], folder, stdin=folder / "copy.txt")


def django_tool(folder: Path, database: Path) -> Pair:
    """Django's dumpdata and loaddata on the same file."""
    script = [sys.executable, "-c", DJANGO, str(database)]
    dumped = run([*script, "dumpdata", "bench", "-o", "django.json"], folder)
    run(["sqlite3", str(database), "DELETE FROM bench_rows"], folder)
    return dumped, run([*script, "loaddata", "django.json"], folder)


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    name: str
    rows: int
    runs: Pair
    peer: Pair | None = None
    small: Pair | None = None

    @property
    def text(self) -> str:
        """As Markdown."""
        cells = [self.name]
        for index, each in enumerate(self.runs):
            ratio = f" (1/{each.seconds / self.peer[index].seconds:.0f})" if self.peer else ""
            before = f", {self.small[index].peak_mb:.0f} MB for a hundredth" if self.small else ""
            cells.append(f"{self.rows / each.seconds:,.0f}{ratio}, {each.peak_mb:.0f} MB{before}")
        return f"| {' | '.join(cells)} |"


HEADING = "| {rows:,} rows | dump: rows a second | load: rows a second |\n| --- | --- | --- |"


def lines(rows: int) -> Iterator[Line]:
    """Measure, line by line."""
    with project() as folder:
        database = folder / "bench.db"
        url = f"sqlite:///{database}"
        run([sys.executable, "-c", FILL, url, str(rows)], folder)
        tool = sqlite_tool(folder, database)
        yield Line("SQLite: sqlite3 .dump, .read", rows, tool)
        for end in ("json", "jsonl", "csv"):
            small = ours(folder, url, max(rows // 100, 1), end)
            yield Line(f"SQLite: {end}", rows, ours(folder, url, rows, end), tool, small)
        if find_spec("django"):
            yield Line("SQLite: Django, json", rows, django_tool(folder, database), tool)
        with fresh_database(POSTGRESQL.url) as server:
            place = server.render_as_string(hide_password=False)
            small = ours(folder, place, max(rows // 100, 1), "json")
            found = ours(folder, place, rows, "json")
            tool = copy_tool(folder, server)
            yield Line("PostgreSQL: psql COPY", rows, tool)
            yield Line("PostgreSQL: json", rows, found, tool, small)
        with fresh_database(MARIADB.url) as server:
            place = server.render_as_string(hide_password=False)
            small = ours(folder, place, max(rows // 100, 1), "json")
            yield Line("MariaDB: json", rows, ours(folder, place, rows, "json"), None, small)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    rows = parser.parse_args().rows
    print(HEADING.format(rows=rows))
    for line in lines(rows):
        print(line.text, flush=True)


if __name__ == "__main__":
    main()
