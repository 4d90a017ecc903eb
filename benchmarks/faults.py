"""The suite and its peers put through the same faults: `python benchmarks/faults.py [--only PART ...]`.

The parts: many processes at once; kills; a busy table; and tests/faults in larger sizes, for the faults that have no
figure. Each writes its results into --results as JSON when it is done; the page docs/faults.md is written from all that
are there, so that one part may be run again alone.

Needs the extras `dev` and `bench`, and the programs of PostgreSQL and MariaDB: servers of its own are started, as they
are out of the box, so that nobody else has a part in what is found.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]
sys.dont_write_bytecode = True

from faults_peers import ALEMBIC, DJANGO_TOOL, OURS, TOOLS, Stage, Tool  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402
from support.contents import rows_of  # noqa: E402
from support.databases import fresh_database  # noqa: E402
from support.faults import Ending, Request  # noqa: E402
from support.faults_bank import REVISIONS, records_of  # noqa: E402
from support.faults_busy import Application, long_transaction  # noqa: E402
from support.faults_kills import Trial  # noqa: E402
from support.own_servers import OwnMariaDB, OwnPostgreSQL, open_folder  # noqa: E402
from support.servers import MARIADB, POSTGRESQL  # noqa: E402

PAGE = ROOT / "docs" / "faults.md"
TITLES = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}
HELD_S = 12.0
"""How long the long transaction holds its table."""
AFTER_S = 2.0
SIZES = {"FAULT_CUTS": "20", "FAULT_SIGNALS": "40"}
"""Of the tests, for the part that runs them."""
WAYS = {"up": "migrate", "down": "rollback"}

Result = dict[str, Any]
Part = Callable[[Stage, str, argparse.Namespace], Result]


@contextmanager
def own_servers() -> Iterator[None]:
    """While entered, the servers of the tests are of this process's own."""
    with ExitStack() as stack:
        for kind, server in ((OwnPostgreSQL, POSTGRESQL), (OwnMariaDB, MARIADB)):
            url = stack.enter_context(kind(stack.enter_context(open_folder()))).url
            os.environ[server.variable] = url.render_as_string(hide_password=False)
        yield


@contextmanager
def stage_of(tool: Tool, database: str) -> Iterator[Stage]:
    """A tool on an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            with _stage(tool, Path(folder), f"sqlite:///{folder}/bank.sqlite3") as stage:
                yield stage
            return
        server = {"postgresql": POSTGRESQL, "mariadb": MARIADB}[database].url
        with (
            fresh_database(server) as url,
            _stage(tool, Path(folder), url.render_as_string(hide_password=False)) as stage,
        ):
            yield stage


@contextmanager
def _stage(tool: Tool, folder: Path, url: str) -> Iterator[Stage]:
    with redirect_stdout(sys.stderr):  # `alembic init` talks
        stage = Stage(tool, folder / "project", url)
    try:
        yield stage
    finally:
        stage.close()


# Many at once


def at_once(stage: Stage, database: str, options: argparse.Namespace) -> Result:
    """Rounds of processes that all migrate one empty database."""
    rounds = options.rounds if stage.tool is OURS else options.peer_rounds
    found: Result = {
        "rounds": rounds,
        "processes": options.processes,
        "failed": [],
        "problems": [],
        "seconds": [],
        "errors": [],
    }
    for _ in range(rounds):
        stage.empty()
        began = time.monotonic()
        endings = stage.nursery.run_all(Request(stage.tool.up, children=options.processes))
        found["seconds"].append(time.monotonic() - began)
        found["failed"].append(sum(ending.code != 0 for ending in endings))
        found["errors"] += sorted({f"{ending.code}: {ending.err[-400:]}" for ending in endings if ending.code})[:3]
        found["problems"].append(stage.problem_above or (_counted(stage.url) if stage.tool is OURS else ""))
    return found


def _counted(url: str) -> str:
    """What says that a revision was not applied exactly once: the ledger, or the rows that revisions insert."""
    applied, rows = records_of(url).applied, sorted(rows_of(url, "SELECT migration FROM runs"))
    if applied != dict.fromkeys(REVISIONS, 1):
        return f"the ledger says {applied}"
    return "" if rows == [(id[:4],) for id in REVISIONS] else f"the revisions inserted {rows}"


# Kills


def kill_trials(stage: Stage, database: str, options: argparse.Namespace) -> Result:
    """Kills at boundaries of statements, and at random times."""
    killer = stage.kills()
    boundaries, _ = killer.measure()
    count, random = (options.kills or sum(boundaries), options.random_kills)
    if stage.tool is not OURS:
        count, random = options.peer_kills, options.peer_kills // 3
    found = {"boundaries": boundaries}
    for name, trials in (("at boundaries", killer.at_boundaries(count)), ("at random times", killer.at_random(random))):
        found[name] = _tally([trial for trial in trials if trial.killed_at])
    return found


def _tally(trials: Sequence[Trial]) -> Result:
    tally: Result = {}
    for way in WAYS:
        of_way = [trial for trial in trials if trial.way == way]
        tally[way] = {
            "kills": len(of_way),
            "stuck": sum(trial.again.code != 0 for trial in of_way),
            "wrong": sum(bool(trial.problem) and trial.again.code == 0 for trial in of_way),
            "examples": [f"{trial.killed_at}: {trial.problem}"[:400] for trial in of_way if trial.problem][:5],
        }
    return tally


# A busy table


def busy(stage: Stage, database: str, options: argparse.Namespace) -> Result:
    """Queries of an application, while a long transaction holds the table that a migration alters."""
    variants: dict[str, Sequence[str]] = {"": ()}
    if stage.tool is OURS:
        variants = {"time-out 5 s, the default": (), "time-out 1 s": ("--table-lock-timeout", "1")}
        variants |= {"no time-out": ("--table-lock-timeout", "0")}
    return {name: _busy(stage, flags) for name, flags in variants.items()}


def _busy(stage: Stage, flags: Sequence[str]) -> Result:
    target = stage.tool.to_notes
    stage.empty()
    before = [word.replace("0003_notes", "0002_orders").replace("0003", "0002_orders") for word in target]
    stage.nursery.run(*before).require()
    table, column = ("shop_order", "amount") if stage.tool is DJANGO_TOOL else ("orders", "amount")
    query = f"SELECT {column} FROM {table} WHERE id = 1"
    with Application(stage.url, query) as application:
        with long_transaction(stage.url, query):
            stage.nursery.begin(Request((*target, *flags)))
            time.sleep(HELD_S)
        released = time.monotonic()
        (ending,) = stage.nursery.end()
        after_s = time.monotonic() - released
        time.sleep(AFTER_S)
    return {**asdict(application.latency), "code": ending.code, "after_s": after_s, "waits": _waits(ending)}


def _waits(ending: Ending) -> int:
    return ending.out.count("WAITING")


# The tests, in larger sizes


def run_tests() -> Result:
    """How many tests of each file passed, failed, and were skipped."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/faults", f"--junitxml={report}", "-p", "no:cacheprovider"],
            cwd=ROOT,
            env={**os.environ, **SIZES},
            check=False,
            stdout=sys.stderr,
        )
        cases = ElementTree.parse(report).getroot().iter("testcase")
        tally = Counter((case.get("classname", "").rpartition(".")[2], _outcome(case)) for case in cases)
    files = sorted({file for file, _ in tally})
    return {file: {outcome: tally[file, outcome] for outcome in ("passed", "failed", "skipped")} for file in files}


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


TOOL_NAMES = [tool.name for tool in TOOLS]
PARTS: dict[str, Part] = {"at-once": at_once, "kills": kill_trials, "busy": busy}


def run_part(name: str, databases: Sequence[str], options: argparse.Namespace) -> None:
    """Run one part with every tool on these databases, in turn, and keep what was found."""
    for database in databases:
        if name == "busy" and database == "sqlite":
            continue  # it has one lock for all tables, and readers do not wait
        for tool in TOOLS:
            if tool.name not in options.tool:
                continue
            print(f"{name}: {tool.title} on {TITLES[database]} ...", file=sys.stderr, flush=True)
            with stage_of(tool, database) as stage:
                found = PARTS[name](stage, database, options)
            print(json.dumps(found), file=sys.stderr, flush=True)
            keep(options.results, f"{name}-{database}-{tool.name}", found)


def keep(folder: Path, name: str, found: Result) -> None:
    """Keep results for the page, with the day and the versions that they are of."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"of": circumstances(), "found": found}, indent=1)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def circumstances() -> str:
    """The day, and the versions of everything."""
    names = ("alembic", "django", "sqlalchemy", "psycopg", "pymysql")
    found = [f"{name} {version(name)}" for name in names]
    for server in (POSTGRESQL, MARIADB):
        engine = create_engine(server.url)
        with engine.connect() as connection:
            number = ".".join(map(str, connection.dialect.server_version_info or ()))
            found.append(f"{server.title} {number}")
        engine.dispose()
    cores = len(os.sched_getaffinity(0))
    machine = f"Python {platform.python_version()}, {platform.system()}, {cores} cores, servers on the same machine"
    return f"{datetime.date.today().isoformat()}: {', '.join(found)}; {machine}"


# The page


class Results:
    """What was found, by part, database and tool.

    Args:
        folder: where `keep` wrote.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}

    @property
    def of(self) -> list[str]:
        """Under which circumstances, each once."""
        return sorted({each["of"] for each in self._files.values()})

    def get(self, part: str, database: str, tool: Tool) -> Result | None:
        """None where it was not run."""
        return self._found(f"{part}-{database}-{tool.name}")

    @property
    def tests(self) -> Result:
        """By file."""
        return self._found("tests") or {}

    def _found(self, name: str) -> Result | None:
        return self._files[name]["found"] if name in self._files else None


def page(results: Results) -> str:
    """The text of docs/faults.md."""
    return "\n".join(
        [INTRODUCTION, *_at_once_table(results), *_kills_table(results), *_busy_table(results)]
    ) + "\n".join(["", *_tests_table(results), "", "## The machine", "", *(f"- {line}" for line in results.of), ""])


def _at_once_table(results: Results) -> list[str]:
    lines = [AT_ONCE, "| database | tool | rounds of processes | processes that failed | rounds that ended wrong |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for database, tool, found in _found(results, "at-once"):
        failed, processes = found["failed"], found["processes"]
        spread = f"{min(failed)} to {max(failed)} of {processes}" if any(failed) else f"0 of {processes * len(failed)}"
        wrong = f"{sum(map(bool, found['problems']))} of {found['rounds']}"
        lines.append(f"| {database} | {tool.title} | {found['rounds']} of {processes} | {spread} | {wrong} |")
    return [*lines, ""]


def _kills_table(results: Results) -> list[str]:
    lines = [KILLS, "| database | tool | kill | up: kills, stuck, wrong | down: kills, stuck, wrong |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for database, tool, found in _found(results, "kills"):
        for moment in ("at boundaries", "at random times"):
            cells = [" / ".join(str(found[moment][way][key]) for key in ("kills", "stuck", "wrong")) for way in WAYS]
            lines.append(f"| {database} | {tool.title} | {moment} | {' | '.join(cells)} |")
    return [*lines, ""]


def _busy_table(results: Results) -> list[str]:
    lines = [BUSY.format(held=HELD_S), "| database | tool | answered | p50 | p99 | longest | exit code | done after |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for database, tool, found in _found(results, "busy"):
        for name, row in found.items():
            title = f"{tool.title}{', ' if name else ''}{name}"
            times = " | ".join(f"{row[key]:,.1f} ms" for key in ("p50_ms", "p99_ms", "max_ms"))
            lines.append(
                f"| {database} | {title} | {row['count']:,} | {times} | {row['code']} | {row['after_s']:.1f} s |"
            )
    return [*lines, ""]


def _tests_table(results: Results) -> list[str]:
    sizes = ", ".join(f"{name}={value}" for name, value in SIZES.items())
    lines = [
        TESTS.format(sizes=sizes),
        "| fault | test | passed | failed | skipped |",
        "| --- | --- | --- | --- | --- |",
    ]
    for file, tally in results.tests.items():
        numbers = " | ".join(str(tally[outcome]) for outcome in ("passed", "failed", "skipped"))
        lines.append(f"| {FAULTS.get(file, file)} | `tests/faults/{file}.py` | {numbers} |")
    return lines


def _found(results: Results, part: str) -> Iterator[tuple[str, Tool, Result]]:
    for database, title in TITLES.items():
        for tool in (OURS, ALEMBIC, DJANGO_TOOL):
            found = results.get(part, database, tool)
            if found is not None:
                yield title, tool, found


INTRODUCTION = """# Faults

What `migrate` and `rollback` promise on a production database, and what happened in tests of these promises. A script
writes every figure here; the end of the page says how to run it again.

## The promises

1. Any number of processes may run `migrate` at once. Each migration is applied exactly once; the others wait, find
   nothing to do, and end with 0.
2. A process may be killed at any instant. The next run ends with the schema and the rows of an undisturbed run. On
   PostgreSQL and SQLite a migration is all or nothing; on MariaDB, and around an `autocommit_block`, it goes on at the
   next statement.
3. The same is true of a cut connection, a server that restarts or crashes, a full disk, and a clock that is set back.
4. Ctrl-C and SIGTERM end a run in order, with exit code 130.
5. A migration that cannot have its table gives way to the application's queries, and tries again.
6. All of this holds on the way down too.

One case needs a person. On MariaDB a statement may commit by itself and leave no trace in the schema. If the process
dies during such a statement, nobody can tell whether it took effect. Then the next run stops with 7, and asks
(`--resume-after`, `--resume-at`).

The project that is migrated is `tests/faults/bank`: seven migrations that make, alter, rename and drop tables, columns,
indexes and keys, fill them by INSERT, executemany and `bulk_insert`, read rows and write them (a balance that would be
wrong if anything ran twice), rebuild tables on SQLite, and on PostgreSQL make an enum type and build an index
CONCURRENTLY. Alembic runs the same files with the `env.py` that `alembic init` writes; Django has the same seven in its
own words (`benchmarks/faults_django`). Django has no rows to take back, so its way down compares an empty database.
"""
AT_ONCE = """## Many at once

All processes begin at the same instant on an empty database. A round ends wrong if the schema or the rows differ from
those that one process makes alone. For this suite it also ends wrong if the ledger, or the rows that each migration
inserts, do not show that each migration ran exactly once.
"""
KILLS = """## Kills

A boundary is the moment before or after a statement, in the driver, on any connection. At a boundary the process sends
itself SIGKILL. Either every boundary is tried, or the number in the table, spread evenly. At random times the parent
process sends the signal. Then the same command runs again. *Stuck*: it fails. *Wrong*: it ends with 0, but the schema
or the rows are not those of an undisturbed run, or something is left over in the record. Only commands that were killed
before they had ended are counted.
"""
BUSY = """## A busy table

A transaction that has read the table stays open for {held:.0f} s; four clients go on reading it, 10 ms between a query
and the next; a migration adds a column. *Done after*: how long the command took once the transaction was gone. A
waiting client sends no other query, so a stop shows in the longest time, and in how few queries were *answered*.
"""
TESTS = """## The other faults

Each test compares the database after the next run with that of an undisturbed one. CI runs them in small sizes; here
with {sizes}.
"""
FAULTS = {
    "test_at_once": "many processes at once, up and down",
    "test_busy_table": "a long transaction holds the table",
    "test_clock": "the clock is set back by a day",
    "test_connection_cut": "`pg_terminate_backend`, `KILL`: all connections, and the lock's alone",
    "test_disk_full": "the disk is full: SQLite, PostgreSQL, MariaDB on a small tmpfs",
    "test_kills": "kill -9",
    "test_restarts": "the server stops, or is killed, and starts again",
    "test_signals": "Ctrl-C and SIGTERM",
}
AGAIN = """
## Run it again

    pip install -e ".[dev,bench]"
    python benchmarks/faults.py                             # everything: about an hour on two cores
    python benchmarks/faults.py --only kills --database mariadb
    pytest tests/faults                                     # small sizes, a minute and a half
    FAULT_KILLS=300 pytest tests/faults/test_kills.py

The sizes of the tests are FAULT_KILLS, FAULT_PROCESSES, FAULT_ROUNDS, FAULT_CUTS and FAULT_SIGNALS.
"""


def main() -> None:
    """Run the parts, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "tests", "page"], default=[*PARTS, "tests"])
    parser.add_argument("--database", nargs="+", choices=[*TITLES], default=[*TITLES])
    parser.add_argument("--tool", nargs="+", choices=TOOL_NAMES, default=TOOL_NAMES)
    parser.add_argument("--processes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--kills", type=int, default=0, help="at boundaries; 0 for each of them once")
    parser.add_argument("--random-kills", type=int, default=100)
    parser.add_argument("--peer-rounds", type=int, default=3)
    parser.add_argument("--peer-kills", type=int, default=60)
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "faults")
    options = parser.parse_args()
    with own_servers() if options.only != ["page"] else nullcontext():
        for name in PARTS:
            if name in options.only:
                run_part(name, options.database, options)
        if "tests" in options.only:
            keep(options.results, "tests", run_tests())
    PAGE.write_text(page(Results(options.results)) + AGAIN, encoding="utf-8")


if __name__ == "__main__":
    main()
