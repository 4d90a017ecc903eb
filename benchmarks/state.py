"""Finding what to write, ours beside plain Alembic: `python benchmarks/state.py [--revisions 1000 10000]`.

For each length of history: `makemigrations --check` with an empty cache (every revision is replayed), with a warm one,
and with a warm one and a new revision, beside what Alembic needs for the same answer on SQLite: `alembic upgrade
head` on an empty database, then `alembic check`. Each is a process of its own; time and peak memory are printed as
ratios to Alembic's.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ("manage.py", "settings.py", "alembic.ini", "alembic_database")
HEADER = '''"""revision {number}"""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    pass
'''
TABLE = """op.create_table(
        "t{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(50), server_default="x", nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_t{number}_name", "t{number}", ["name"])"""
COLUMN = 'op.add_column("t{table}", sa.Column("c{number}", sa.Integer(), nullable=True))'
INDEX = 'op.create_index("ix_c{number}", "t{table}", ["c{column}"])'
MODEL = """class T{number}(Base):
    __tablename__ = "t{number}"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), server_default="x", nullable=False, index=True)
    amount = Column(Numeric(10, 2))
    made_at = Column(DateTime)
"""


@dataclass(frozen=True)
class Measure:
    """What one process took."""

    seconds: float
    peak_mib: float


def upgrade_of(number: int) -> str:
    """Every tenth revision makes a table; the others add columns to it, and an index to every third of them."""
    table = number - number % 10
    if number == table:
        return TABLE.format(number=number)
    if number % 3 == 0 and number % 10 > 1:
        return INDEX.format(number=number, table=table, column=number - 1)
    return COLUMN.format(number=number, table=table)


def model_lines(revisions: int) -> Iterator[str]:
    """The models that the revisions lead to."""
    yield "from sqlalchemy import Column, DateTime, Index, Integer, Numeric, String\n"
    yield "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n"
    indexes: list[str] = []
    for number in range(revisions):
        upgrade = upgrade_of(number)
        if "create_table" in upgrade:
            yield from indexes
            indexes = []
            yield MODEL.format(number=number)
        elif "create_index" in upgrade:
            table = number - number % 10
            indexes.append(f'Index("ix_c{number}", T{table}.c{number - 1})\n')
        else:
            yield f"    c{number} = Column(Integer)\n"
    yield from indexes


def make_project(folder: Path, revisions: int) -> None:
    """The repository's own project, with generated revisions and the models to match."""
    for name in PROJECT:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    versions = folder / "alembic_database" / "versions"
    shutil.rmtree(versions)
    versions.mkdir()
    for number in range(revisions):
        add_revision(folder, number, upgrade_of(number))
    app = folder / "myproject"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "models.py").write_text("".join(model_lines(revisions)))


def add_revision(folder: Path, number: int, upgrade: str) -> None:
    """Write one revision file."""
    parent = f"{number - 1:05d}_r" if number else None
    text = HEADER.format(number=number, id=f"{number:05d}_r", parent=parent, upgrade=upgrade)
    (folder / "alembic_database" / "versions" / f"{number:05d}_r.py").write_text(text)


def measure(folder: Path, *commands: Sequence[str]) -> Measure:
    """Run commands one after the other: seconds in all, and the highest peak of memory."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    seconds, peak = 0.0, 0
    for command in commands:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        seconds += time.monotonic() - began
        peak = max(peak, used.ru_maxrss)
        if status:
            sys.exit(f"{' '.join(command)} failed:\n{errors[-2000:]}")
    return Measure(seconds, peak / 1024)


def compare(revisions: int) -> None:
    """Measure one length of history, and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, revisions)
        check = ["manage.py", "makemigrations", "--check"]
        alembic = measure(folder, ["-m", "alembic", "upgrade", "head"], ["-m", "alembic", "check"])
        (folder / "db.sqlite3").unlink()
        cold = measure(folder, check)
        warm = measure(folder, check)
        add_revision(folder, revisions, "pass")
        one_more = measure(folder, check)
    print(
        f"{revisions} revisions; alembic upgrade head + check: 1 ({alembic.seconds:.1f} s, {alembic.peak_mib:.0f} MiB)"
    )
    for label, each in (("replayed", cold), ("from the cache", warm), ("one new revision", one_more)):
        times, memory = each.seconds / alembic.seconds, each.peak_mib / alembic.peak_mib
        figures = f"{times:.3f} of the time, {memory:.2f} of the memory"
        print(f"  makemigrations --check, {label:<17} {figures}  ({each.seconds:.2f} s, {each.peak_mib:.0f} MiB)")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--revisions", type=int, nargs="+", default=[1000, 10000])
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    for revisions in parser.parse_args().revisions:
        compare(revisions)


if __name__ == "__main__":
    main()
