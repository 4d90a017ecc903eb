"""A test database from nothing beside a copy of it: `python benchmarks/test_databases.py [URL ...] [--revisions 300]`.

A generated history (a table in every sixth revision, columns and indexes in the others) is migrated from zero, as every
test run without the plugin's copies would; then copied for a worker, and brought back after a test that has written
rows. What is printed is how many times faster the last two are: machines differ, ratios less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import sqlalchemy as sa  # noqa: E402
from support.tiny_projects import TinyProject  # noqa: E402

from alembic_manage.testing.template import Template  # noqa: E402

URLS = (
    "sqlite:///{folder}/shop.sqlite3",
    "postgresql+psycopg://postgres@127.0.0.1:5432/am_benchmark",
    "mysql+pymysql://root@127.0.0.1:3306/am_benchmark",
)
EACH_TABLE = 6
TURNS = 5


def write_history(project: TinyProject, revisions: int) -> None:
    """A history that looks like one that has grown."""
    for number in range(revisions):
        table, place = f"t{number // EACH_TABLE}", number % EACH_TABLE
        up = f'op.add_column("{table}", sa.Column("c{place}", sa.String(50)))'
        if place == 0:
            up = (
                f'op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))'
            )
        elif place == EACH_TABLE - 1:
            up = f'op.create_index("ix_{table}", "{table}", ["n"])'
        project.revision(f"{number:04}", up, down=f"{number - 1:04}" if number else None)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Seconds:
    """What was measured on one kind of database."""

    title: str
    zero: float
    """From nothing."""
    copied: float
    """For a worker."""
    restored: float
    """After a test."""

    @property
    def line(self) -> str:
        """For a person."""
        return (
            f"{self.title:<12} from zero {self.zero:6.2f} s"
            f"   copy {self.copied:6.3f} s ({self.zero / self.copied:4.0f} times faster)"
            f"   after a test {self.restored:6.3f} s ({self.zero / self.restored:4.0f} times faster)"
        )


def measure(url: str, folder: Path, revisions: int) -> Seconds:
    """From nothing, for a worker, after a test."""
    project = TinyProject(folder, url)
    write_history(project, revisions)
    template = Template(project.environment, "run", "main", keeps=False)
    store, copy = template.store, template.copy_name
    with template.occupancy.turn():
        template.occupancy.enter()
        zero = seconds(lambda: template._prepare(None))
    copied = statistics.median(seconds(lambda: store.copy(copy)) for _ in range(TURNS))
    engine = sa.create_engine(store.url(copy), poolclass=sa.NullPool)

    def after_a_test() -> float:
        with engine.begin() as connection:
            for table in ("t0", "t1", "t2"):
                connection.execute(sa.text(f"INSERT INTO {table} (n) VALUES (1), (2)"))
        return seconds(lambda: store.restore(copy))

    restored = statistics.median(after_a_test() for _ in range(TURNS))
    template.close()
    return Seconds(project.dialect.title, zero, copied, restored)


def main() -> None:
    """Measure each database."""
    parser = argparse.ArgumentParser(description="Compare migrating from zero with copying a test database.")
    parser.add_argument("urls", nargs="*", metavar="URL", help="databases that need not exist; default: the local ones")
    parser.add_argument("--revisions", type=int, default=300)
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    for url in options.urls or URLS:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(url.format(folder=folder), Path(folder) / "project", options.revisions).line, flush=True)


if __name__ == "__main__":
    main()
