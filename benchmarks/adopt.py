"""Public projects adopted: `python benchmarks/adopt.py [NAME ...] [--cache DIR] [--write]`.

For each project it installs the pinned package into a virtual environment of its own, copies its source folder, and
types what a newcomer would: `alembic-manage adopt`, then `showmigrations`, `migrate heads` on an empty database,
`makemigrations --check`, and, where that found differences, `makemigrations --accept-current` and `--check` again.
It prints a table and, with `--write`, docs/adopt-public-projects.md. Nothing of the projects is committed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from histories import MLFLOW_FIRST, ROOT, PublicHistory, fresh_database, install, run, site_packages
from sqlalchemy.exc import DBAPIError

REPORT = ROOT / "docs" / "adopt-public-projects.md"
LONGEST = 240
HEAD = """# Public projects, adopted

Written by `python benchmarks/adopt.py --write`, which has every pinned version and the environment variables.
Each project is the source folder of its package on its own. Nothing of it was edited, and neither were the two files
that `alembic-manage adopt` wrote, but for dagster, neutron and prefect: their env.py asks its caller for a connection,
a configuration or a worker thread. Lines that give it were added to settings.py (`ENV_CONTEXT`; the script has them).

- Where an application makes its tables by create_all() and then stamps, that was done first (`migrate heads --fake`).
  mlflow makes only its first tables like that: `historystate --write-baseline database` wrote them down.
- showmigrations, migrate: on an empty database, up to all heads.
- check: `makemigrations --check` right after that; the differences are the project's own, between its models and its
  migrations.
- accepted: `--check` again, after `makemigrations --accept-current`.
"""


@dataclass(frozen=True)
class PublicProject:
    """One project, on one database."""

    name: str
    package: str
    """The pinned requirement."""
    source: str
    """Its source folder, below site-packages."""
    database: str
    """sqlite, postgresql or mariadb."""
    kind: str
    """What is special about it, in a few words."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables; {url} is the database."""
    options: tuple[str, ...] = ()
    """Options of adopt."""
    driver: str = ""
    """The SQLAlchemy driver, where it needs another than the server's URL names."""
    needs: tuple[str, ...] = ()
    """More requirements."""
    first: str = ""
    """Python that makes tables before anything runs, as the application does."""
    then: tuple[str, ...] = ()
    """The command after that."""
    addition: str = ""
    """What a person has to add to the settings."""

    @property
    def history(self) -> PublicHistory:
        """What benchmarks/histories.py installs, and makes a database for."""
        more = {"needs": self.needs, "driver": self.driver}
        return PublicHistory(self.name, self.package, "", self.database, whole=True, **more)  # type: ignore[arg-type]


CREATE_ALL = """
from alembic_manage import Project
for metadata in Project.load().metadata:
    metadata.create_all(Project.load().database().engine)
"""
FAKE = ("migrate", "heads", "--fake")
URL = {"DATABASE_URL": "{url}"}
WORKER_THREAD = """

from contextlib import contextmanager


@contextmanager
def worker_thread(config):
    from anyio import from_thread, lowlevel
    from anyio._core._eventloop import threadlocals

    async def token():
        return lowlevel.current_token()

    with from_thread.start_blocking_portal() as portal:
        threadlocals.current_token = portal.call(token)
        yield


ENV_CONTEXT = f"{__name__}.worker_thread"
"""
CONNECTION = """

from contextlib import contextmanager

from sqlalchemy import create_engine


@contextmanager
def connection(config):
    with create_engine(DATABASES["default"]["URL"]).connect() as connection:
        config.attributes["connection"] = connection
        yield


ENV_CONTEXT = f"{__name__}.connection"
"""
NEUTRON_CONFIG = """

from contextlib import contextmanager


@contextmanager
def neutron_config(config):
    from neutron.db.migration.cli import CONF

    CONF(["--database-connection", DATABASES["default"]["URL"], "current"], default_config_files=[])
    config.neutron_config = CONF
    yield


ENV_CONTEXT = f"{__name__}.neutron_config"
"""
PREFECT = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "{url}"}
AIRFLOW = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "{url}", "AIRFLOW_HOME": "{home}"}
PROJECTS: tuple[PublicProject, ...] = (
    PublicProject(
        "jupyterhub",
        "jupyterhub==6.1.1",
        "jupyterhub",
        "sqlite",
        "small; create_all, then stamp",
        URL,
        first=CREATE_ALL,
        then=FAKE,
    ),
    PublicProject(
        "optuna",
        "optuna==5.0.0",
        "optuna",
        "sqlite",
        "small; ids of its own; create_all, then stamp",
        first=CREATE_ALL,
        then=FAKE,
    ),
    PublicProject(
        "dagster",
        "dagster==1.13.29",
        "dagster",
        "postgresql",
        "several MetaData; needs its own instance",
        URL,
        addition=CONNECTION,
    ),
    PublicProject(
        "mlflow",
        "mlflow==3.17.2",
        "mlflow",
        "sqlite",
        "two histories; first tables by create_all",
        URL,
        ("--migrations", "mlflow/store/db_migrations"),
        first=MLFLOW_FIRST,
        then=("historystate", "--write-baseline", "database"),
        needs=("flask-wtf==1.2.2",),
    ),
    PublicProject(
        "mlflow-auth",
        "mlflow==3.17.2",
        "mlflow",
        "sqlite",
        "the second history; version table of its own",
        URL,
        ("--migrations", "mlflow/server/auth/db/migrations"),
        needs=("flask-wtf==1.2.2",),
    ),
    PublicProject(
        "prefect-postgresql",
        "prefect==3.8.8",
        "prefect",
        "postgresql",
        "asyncio, in a thread; a folder for each database, chosen in env.py",
        PREFECT,
        driver="postgresql+asyncpg",
        addition=WORKER_THREAD,
    ),
    PublicProject(
        "prefect-sqlite",
        "prefect==3.8.8",
        "prefect",
        "sqlite",
        "the same",
        PREFECT,
        driver="sqlite+aiosqlite",
        addition=WORKER_THREAD,
    ),
    PublicProject(
        "flexmeasures",
        "flexmeasures==1.0.1",
        "flexmeasures",
        "postgresql",
        "Flask-Migrate; application factory",
        {"SQLALCHEMY_DATABASE_URI": "{url}", "SECRET_KEY": "adopt", "FLEXMEASURES_ENV": "development"},
        driver="postgresql+psycopg2",
        needs=("flask-security-too==5.7.1",),
    ),
    PublicProject(
        "airflow",
        "apache-airflow-core==3.3.2",
        "airflow",
        "postgresql",
        "large; URL of its own settings",
        AIRFLOW,
        driver="postgresql+psycopg2",
        needs=("asyncpg==0.31.0",),
    ),
    PublicProject(
        "neutron",
        "neutron==29.0.0",
        "neutron",
        "mariadb",
        "large; two permanent heads; 27 folders",
        URL,
        addition=NEUTRON_CONFIG,
    ),
)


@dataclass
class Outcome:
    """What was seen."""

    project: PublicProject
    problem: str = ""
    """Why it was not tried; empty where it was."""
    found: str = ""
    """The line of adopt about migrations."""
    unsure: int = 0
    """How many lines adopt asked to look at."""
    results: dict[str, str] = field(default_factory=dict)
    """By command: "yes", or what it said."""


@dataclass(frozen=True)
class Copy:
    """A project's files, its Python and an empty database."""

    project: PublicProject
    python: Path
    folder: Path
    url: str

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python ARGUMENTS` in the folder; the home folder is the project's, for applications write there."""
        own = {name: text.format(url=self.url, home=self.folder) for name, text in self.project.environment.items()}
        ours = {"HOME": str(self.folder.parent), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        return run([self.python, *arguments], cwd=self.folder, env={**os.environ, **ours, **own})


def examine(project: PublicProject, cache: Path) -> Outcome:
    """Adopt one project and try the commands; what stops it becomes the outcome's problem."""
    outcome = Outcome(project)
    try:
        python = install(project.history, cache)
        folder = cache / "adopted" / project.name / "project"
        shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.copytree(site_packages(python) / project.source, folder / project.source)
        with fresh_database(project.history, folder) as url:
            named = project.driver.partition("+")[2] and project.database == "sqlite"
            attempt(
                Copy(project, python, folder, url.replace("sqlite:", f"{project.driver}:") if named else url), outcome
            )
    except (RuntimeError, DBAPIError) as error:
        outcome.problem = str(error)
    return outcome


def attempt(copy: Copy, outcome: Outcome) -> None:
    """What a newcomer types, one after the other."""
    done = copy.call("-m", "alembic_manage", "adopt", *copy.project.options)
    if done.returncode:
        raise RuntimeError(f"adopt: {reason(done.stderr)}")
    outcome.found = next((line.split(None, 1)[1] for line in done.stdout.splitlines() if "  migrations " in line), "")
    outcome.unsure = len(done.stdout.partition("Look at:")[2].partition("Written:")[0].strip().splitlines())
    prepare(copy)
    outcome.results["showmigrations"] = verdict(copy.call("manage.py", "showmigrations"))
    outcome.results["migrate"] = verdict(copy.call("manage.py", "migrate", "heads", "-v", "0"))
    check = copy.call("manage.py", "makemigrations", "--check")
    outcome.results["check"] = verdict(check)
    if check.returncode:
        copy.call("manage.py", "makemigrations", "--accept-current")
        outcome.results["accepted"] = verdict(copy.call("manage.py", "makemigrations", "--check"))


def prepare(copy: Copy) -> None:
    """Make the tables that the application makes itself.

    Raises:
        RuntimeError: that fails.
    """
    project = copy.project
    with (copy.folder / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(project.addition)
    for arguments in (("-c", project.first), ("manage.py", *project.then)) if project.first else ():
        done = copy.call(*arguments)
        if done.returncode:
            raise RuntimeError(f"{' '.join(project.then)}: {reason(done.stderr)}")


def verdict(done: subprocess.CompletedProcess[str]) -> str:
    """ "yes", or the error; for differences their number."""
    if not done.returncode:
        return "yes"
    changes = re.findall(r"^  +[-+~s?p] ", done.stdout, re.MULTILINE)
    return f"{len(changes)} differences" if changes else reason(done.stderr)


def reason(text: str) -> str:
    """The line that begins with CommandError; without one, the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("Hint:")]
    found = [line for line in lines if line.startswith("CommandError: ")] or lines[-1:]
    line = found[0].removeprefix("CommandError: ") if found else "it printed nothing"
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def report(outcomes: Sequence[Outcome]) -> str:
    """The page."""
    return "\n".join([HEAD, *table(outcomes), *details(outcomes)]) + "\n"


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line a project: what worked."""
    yield "| project | what it has | database | migrations | to look at | showmigrations | migrate | check | accepted |"
    yield "| --- " * 9 + "|"
    for outcome in outcomes:
        project = outcome.project
        version = project.package.partition("==")[2]
        cells = [f"{project.name} {version}", project.kind, project.database]
        cells += [(outcome.found.split(" in ")[0] or "not tried"), str(outcome.unsure)]
        cells += [short(outcome.results.get(name, "")) for name in ("showmigrations", "migrate", "check", "accepted")]
        yield f"| {' | '.join(cells)} |"


def short(result: str) -> str:
    """A result for a cell: the reason of a failure stands below the table."""
    return result if result in ("", "yes") or result.endswith(" differences") else "no, see below"


def details(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Why something did not work."""
    for outcome in outcomes:
        failed = {name: text for name, text in outcome.results.items() if short(text) == "no, see below"}
        lines = [outcome.problem] if outcome.problem else [f"{name}: {text}" for name, text in failed.items()]
        if lines:
            yield f"\n## {outcome.project.name}\n"
            yield from (f"- {line}" for line in lines)


def main() -> None:
    """Adopt the projects, print the table, and write the page where that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the projects; default: all")
    parser.add_argument("--cache", type=Path, help="a folder for environments and projects, kept; default: a temporary")
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache.resolve() if options.cache else Path(folder)
        for project in PROJECTS:
            if not options.names or project.name in options.names:
                outcomes.append(examine(project, cache))
                print(project.name, outcomes[-1].problem or outcomes[-1].results, flush=True)
    print("\n".join(["", *table(outcomes), *details(outcomes)]))
    if options.write:
        REPORT.write_text(report(outcomes), encoding="utf-8")


if __name__ == "__main__":
    main()
