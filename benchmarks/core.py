"""Ours beside plain Alembic, run in turn on the same generated project: `python benchmarks/core.py [--revisions 200]`.

Each case runs as a process of its own, A B A B, and the median counts. What is printed is the ratio: machines differ,
ratios less. At the end the two databases are compared, so that both did the same work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ("manage.py", "settings.py", "alembic.ini", "alembic_database")

REVISION = '''"""revision {number}"""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("t{number}", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))
    op.create_index("ix_t{number}_name", "t{number}", ["name"])


def downgrade() -> None:
    op.drop_table("t{number}")
'''


@dataclass(frozen=True)
class Case:
    """One thing to measure."""

    name: str
    ours: Sequence[str]
    peer: Sequence[str]
    prepare: Callable[[Path], None]


def make_project(folder: Path, revisions: int) -> None:
    """The repository's own project, with as many generated revisions, and models to match."""
    for name in PROJECT:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    versions = folder / "alembic_database" / "versions"
    shutil.rmtree(versions)
    versions.mkdir()
    parent = None
    for number in range(1, revisions + 1):
        id = f"{number:04d}_t{number}"
        (versions / f"{id}.py").write_text(REVISION.format(number=number, id=id, parent=parent))
        parent = id
    app = folder / "myproject"
    app.mkdir()
    (app / "__init__.py").touch()
    tables = "\n".join(
        f'Table("t{n}", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)), '
        f'Index("ix_t{n}_name", "name"))'
        for n in range(1, revisions + 1)
    )
    (app / "models.py").write_text(
        f"from sqlalchemy import Column, Index, Integer, MetaData, String, Table\n\nmetadata = MetaData()\n{tables}\n"
    )


def run(arguments: Sequence[str], folder: Path) -> float:
    """The seconds that a process takes; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": ""}
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def no_database(folder: Path) -> None:
    """The database does not exist."""
    (folder / "db.sqlite3").unlink(missing_ok=True)


def full_database(folder: Path) -> None:
    """Everything is applied."""
    if not (folder / "db.sqlite3").exists():
        run(["-m", "alembic", "upgrade", "head"], folder)


def schema(folder: Path) -> list[tuple[str, str]]:
    """The tables and indexes of the project's database, without the suite's ledger."""
    with sqlite3.connect(folder / "db.sqlite3") as connection:
        rows = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE '%ledger%' ORDER BY 1, 2")
        return list(rows)


CASES = (
    Case("help", ["manage.py", "help"], ["-m", "alembic", "--help"], no_database),
    Case("migrate all (SQLite)", ["manage.py", "migrate"], ["-m", "alembic", "upgrade", "head"], no_database),
    Case("migrate, nothing to do", ["manage.py", "migrate"], ["-m", "alembic", "upgrade", "head"], full_database),
    Case("what is applied", ["manage.py", "showmigrations"], ["-m", "alembic", "current"], full_database),
    Case("nothing changed?", ["manage.py", "makemigrations", "--check"], ["-m", "alembic", "check"], full_database),
)


def measure(case: Case, folder: Path, runs: int) -> tuple[float, float]:
    """The median seconds of ours and of the peer, run in turn; both must leave the same schema."""
    times: tuple[list[float], list[float]] = ([], [])
    schemas = []
    for _ in range(runs):
        for arguments, measured in zip((case.ours, case.peer), times, strict=True):
            case.prepare(folder)
            measured.append(run(arguments, folder))
            schemas.append(schema(folder) if (folder / "db.sqlite3").exists() else [])
    if any(found != schemas[0] for found in schemas):
        raise SystemExit(f"{case.name}: the two did not do the same work")
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> None:
    """Measure every case and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=200)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    print(f"{options.revisions} revisions, median of {options.runs} runs in turn, Python {sys.version.split()[0]}\n")
    print("| case | alembic-manage | Alembic | Alembic / ours |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, options.revisions)
        for case in CASES:
            ours, peer = measure(case, folder, options.runs)
            print(f"| {case.name} | {ours:.2f} s | {peer:.2f} s | {peer / ours:.2f} |", flush=True)


if __name__ == "__main__":
    main()
