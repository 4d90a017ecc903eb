"""Ours beside Alembic and Django, from start-up to ten thousand migrations: `python benchmarks/performance`.

The projects of all three are made from one description, and run in turn. The figures go to standard output as a table
and, with --write, into docs/performance.md and its picture. Needs the extra `dev`, sqlite3, and for the other databases
psql and mariadb; servers are those that TEST_POSTGRESQL_URL and TEST_MARIADB_URL name, else local ones, else its own.

    python benchmarks/performance                       everything: most of an hour
    python benchmarks/performance --quick               a few seconds: only whether it still runs
    python benchmarks/performance --cases upgrade --databases postgresql --sizes 1000 --runs 3
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from databases import KINDS, places
from extras import measure_data, measure_test_databases
from measurement import Measurements, Turns
from report import RESULTS, TOOLS, markdown, write_docs
from stage import Stage

CASES = ("start_up", "upgrade", "nothing", "reading", "one", "check", "check_new", "test_databases", "data")
EXTRAS = ("test_databases", "data")
LARGEST = {"upgrade": 1_000, "check": 1_000, "check_new": 1_000}
"""Cases that are not run at more migrations than these, unless --all-sizes says so: the others would take hours."""
ONE_SIZE = {"start_up", "check", "check_new", "one", "reading"}
"""Cases that only run at the sizes from 1,000 on: nothing grows below."""


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10,100,1000,10000", help="numbers of migrations")
    parser.add_argument("--databases", default=",".join(KINDS), help="of " + ", ".join(KINDS))
    parser.add_argument("--cases", default=",".join(CASES), help="of " + ", ".join(CASES))
    parser.add_argument("--tools", default=",".join(TOOLS), help="of " + ", ".join(TOOLS))
    parser.add_argument(
        "--runs", type=int, default=7, help="how often each command runs, after one that does not count"
    )
    parser.add_argument("--patience", type=float, default=20, help="seconds; what takes longer runs three times")
    parser.add_argument("--test-revisions", type=int, default=300, help="of the history of test databases")
    parser.add_argument("--rows", type=int, default=1_000_000, help="that dumpdata and loaddata have")
    parser.add_argument("--own-servers", action="store_true", help="start servers, which wait for no disk")
    parser.add_argument(
        "--quick", action="store_true", help="three migrations, one run, the servers for the main cases only"
    )
    parser.add_argument("--add", action="store_true", help="add to the figures that are kept, in place of a new set")
    parser.add_argument("--write", action="store_true", help="keep the figures, and write them into docs/")
    found = parser.parse_args()
    if found.quick:
        found.sizes, found.runs, found.test_revisions = "3", 0, 18
    return found


def main() -> None:
    """Measure, and print."""
    chosen = options()
    sizes, kinds = [int(size) for size in chosen.sizes.split(",")], chosen.databases.split(",")
    cases = [case for case in CASES if case in chosen.cases.split(",")]
    measurements = Measurements.read(RESULTS) if chosen.add and RESULTS.exists() else Measurements()
    turns = Turns(chosen.runs, chosen.patience, frozenset(chosen.tools.split(",")))
    with (
        tempfile.TemporaryDirectory(prefix="performance-") as name,
        places(kinds, Path(name), own=chosen.own_servers) as found,
    ):
        for kind in kinds:
            for size in sizes:
                if set(cases) <= set(EXTRAS):
                    continue
                stage = Stage(kind, found[kind], Path(name) / f"{kind}{size}", size, turns, measurements)
                try:
                    play(stage, cases, min(max(sizes), 1_000), is_quick=chosen.quick)
                finally:
                    stage.close()
                if chosen.write:
                    measurements.write(RESULTS)  # a run that is ended later has not been for nothing
        if "test_databases" in cases:
            files = {"sqlite": found["sqlite"]} if chosen.quick and "sqlite" in found else found
            measure_test_databases(measurements, files, chosen.test_revisions, max(1, min(3, chosen.runs)))
    if "data" in cases and not chosen.quick:
        measure_data(measurements, chosen.rows)
    print(markdown(measurements))
    if chosen.write:
        measurements.write(RESULTS)
        write_docs(measurements)


def play(stage: Stage, cases: list[str], main_size: int, *, is_quick: bool) -> None:
    """The cases of one stage.

    Args:
        stage: the projects.
        cases: which of them are wanted.
        main_size: below it only what grows is measured.
        is_quick: whether it is enough to see that everything runs.
    """
    wanted = [case for case in cases if case not in EXTRAS and stage.size <= LARGEST.get(case, stage.size)]
    wanted = [case for case in wanted if case not in ONE_SIZE or stage.size >= main_size]
    if stage.kind != "sqlite" or stage.size != main_size:
        wanted = [case for case in wanted if case != "start_up"]
    if is_quick and stage.kind != "sqlite":
        wanted = [case for case in wanted if case in ("upgrade", "nothing")]
    if "upgrade" not in wanted and any(case != "start_up" for case in wanted):
        stage.fill()
    for case in wanted:
        getattr(stage, case)()


if __name__ == "__main__":
    main()
