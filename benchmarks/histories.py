"""Public projects' histories replayed without a database: `python benchmarks/histories.py [NAME ...] [--cache DIR]`.

For each project it installs the pinned package into a virtual environment of its own, puts its revision files into a
tiny alembic-manage project, upgrades a fresh database with `manage.py migrate`, and asks `manage.py historystate` how
many revisions replay, why others do not, and how the state at the head differs from that database. It prints a table
and, with `--write`, the report benchmarks/histories.md. A history whose packages or server are missing has no figures,
and the reason below the table. Nothing of the projects is committed.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import venv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).resolve().parents[1]
REPORT = Path(__file__).with_suffix(".md")
SERVERS = {
    "postgresql": ("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": ("TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/mysql"),
}
"""The environment variable with a server's URL (the tests read the same one), and its default."""
TOOLS = (
    "alembic==1.20.1",
    "python-dotenv==1.2.4",
    "rich==13.9.4",
    "psycopg[binary]==3.3.9",
    "pymysql==1.2.4",
    "psycopg2-binary==2.9.13",
)
"""What alembic-manage and the drivers need in every virtual environment."""
SETTINGS = """import os

DATABASES = {"default": {"URL": os.environ["DATABASE_URL"]}}
INSTALLED_APPS = []
MIGRATIONS_DIR = "alembic_database"
METADATA = "models:metadata"
"""
ANCHOR = "\n\ndef run_offline()"
"""What a history's own lines for env.py stand before."""
ALEMBIC_INI = """[alembic]
script_location = alembic_database
version_locations = %(here)s/alembic_database/versions
path_separator = os
recursive_version_locations = {recursive}
"""
SHOWN = 8
LONGEST = 220
"""Of longer lists and lines the report has only the beginning."""
DDL = re.compile(r"(^|;)\s*(CREATE|ALTER|DROP|RENAME|COMMENT ON)\s", re.IGNORECASE | re.MULTILINE)
MODELS = "from sqlalchemy import MetaData\n\nmetadata = MetaData()\n"
PREFECT_VERSIONS = "prefect/server/database/_migrations/versions"
MLFLOW_FIRST = """
import os
from mlflow.store.tracking.dbmodels.initial_models import Base
from sqlalchemy import create_engine

Base.metadata.create_all(create_engine(os.environ["DATABASE_URL"]))
"""
"""MLflow makes its first tables like this, and the first revision alters them."""
ZENML_WORKSPACE = (
    "INSERT INTO workspace (id, created, updated, name, description) "
    "VALUES (REPLACE(UUID(), '-', ''), NOW(), NOW(), 'default', '')"
)
"""The server writes it when it starts for the first time; a later revision refuses to run without."""
AIRFLOW_MODELS = """from airflow.models.base import naming_convention
from sqlalchemy import MetaData

metadata = MetaData(naming_convention=naming_convention)
"""
IRONIC_MODELS = f'from ironic.conf import CONF\n\nCONF([], project="ironic")\n{MODELS}'
"""Some revisions open an engine of ironic's configuration."""
IRONIC_ENV = """
from oslo_db.sqlalchemy.exc_filters import register_engine

register_engine(database.engine)
"""
"""Some revisions catch oslo.db's exceptions."""
FLEXMEASURES_MODELS = """import os

from flask import Flask
from flexmeasures.data import config

app = Flask("history")
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
config.configure_db_for(app)
app.app_context().push()
metadata = config.MetaData(naming_convention=config.naming_convention)
"""
"""Some revisions look at the tables through the application's own session."""


LEFT_OUT = """
## Left out

- apache-superset, indico: need SQLAlchemy before 2.
- faradaysec, rucio, galaxy-data: the first revision expects tables of an older release that the package lacks.
- aiida-core: of three bases two make the same tables, so no empty database can go to all heads.
- mindsdb: a revision reads columns of today's models that a later revision adds, so the history stops there.
- zenml on SQLite: a revision refuses SQLite.
"""
INTRODUCTION = """# Public histories replayed without a database

Written by `python benchmarks/histories.py --write`, which says what it does and has every pinned version; Alembic
1.20.1, SQLAlchemy 2.0.51.

- replayed: revisions whose effect on the schema the history state knows.
- opaque: revisions with a statement that it cannot read, or that need rows or another program; each has a reason.
- with raw DDL: revision files with CREATE, ALTER, DROP, RENAME or COMMENT ON in a string;
  "others replayed" is about the rest.
- differences: between the state at the heads and a database at the heads, object by object (one constraint can be
  several: its index, its line in SHOW CREATE TABLE). "scratch" is made by historystate from nothing, "configured"
  by `migrate`, with the rows that the application writes.
"""


@dataclass(frozen=True)
class PublicHistory:
    """One history of a package, on one database."""

    name: str
    """The name in the report; several may come from one package."""
    package: str
    """The pinned requirement."""
    versions: str
    """The folder of revision files inside the installed package, below site-packages."""
    database: str
    """sqlite, postgresql or mariadb."""
    needs: tuple[str, ...] = ()
    """What the revision files import besides; the package itself comes without its dependencies unless `whole`."""
    whole: bool = False
    """Whether the package's own dependencies are installed."""
    sqlalchemy: str = "2.0.51"
    """The release of SQLAlchemy."""
    models: str = MODELS
    """The module with METADATA: the project's naming convention, where it has one."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that the imports need."""
    env: str = ""
    """Lines for env.py, before migrations run; `options` are the arguments of `context.configure`."""
    driver: str = ""
    """The SQLAlchemy driver, where the revisions need another than the server's URL names."""
    recursive: bool = False
    """Whether revision files lie in folders below `versions`."""
    rows: tuple[str, str] | None = None
    """(revision, statement): what the application writes once the database is at that revision."""
    first: str = ""
    """Python that makes the tables which the first revision finds; they go into baseline.py."""


HISTORIES: tuple[PublicHistory, ...] = (
    PublicHistory("ckan", "ckan==2.12.0", "ckan/migration/versions", "postgresql"),
    PublicHistory(
        "flexmeasures",
        "flexmeasures==1.0.1",
        "flexmeasures/data/migrations/versions",
        "postgresql",
        whole=True,
        env="\nconfig.cmd_opts.x.clear()  # revisions read the x arguments\n",
        models=FLEXMEASURES_MODELS,
    ),
    PublicHistory(
        "prefect-postgresql",
        "prefect==3.8.8",
        f"{PREFECT_VERSIONS}/postgresql",
        "postgresql",
        whole=True,
        driver="postgresql+asyncpg",
        models=f"import prefect.server.utilities.database\n{MODELS}",
    ),
    PublicHistory(
        "prefect-sqlite",
        "prefect==3.8.8",
        f"{PREFECT_VERSIONS}/sqlite",
        "sqlite",
        whole=True,
        models=f"import prefect.server.utilities.database\n{MODELS}",
    ),
    PublicHistory(
        "airflow-postgresql",
        "apache-airflow-core==3.3.2",
        "airflow/migrations/versions",
        "postgresql",
        whole=True,
        driver="postgresql+psycopg2",
        models=AIRFLOW_MODELS,
    ),
    PublicHistory(
        "airflow-sqlite",
        "apache-airflow-core==3.3.2",
        "airflow/migrations/versions",
        "sqlite",
        whole=True,
        models=AIRFLOW_MODELS,
    ),
    PublicHistory(
        "langflow",
        "langflow-base==1.13.0",
        "langflow/alembic/versions",
        "sqlite",
        needs=("lfx==1.13.0", "sqlmodel==0.0.50", "aiosqlite==0.22.1"),
    ),
    PublicHistory(
        "mlflow", "mlflow==3.17.2", "mlflow/store/db_migrations/versions", "sqlite", whole=True, first=MLFLOW_FIRST
    ),
    PublicHistory(
        "zenml",
        "zenml==0.98.0",
        "zenml/zen_stores/migrations/versions",
        "mariadb",
        whole=True,
        needs=(
            "sqlmodel==0.0.24",
            "sqlalchemy-utils==0.43.0",
            "bcrypt==5.0.0",
            "pyjwt==2.15.1",
            "passlib==1.7.4",
            "tldextract==5.4.0",
            "jinja2==3.1.6",
        ),
        rows=("3b1776345020", ZENML_WORKSPACE),
    ),
    PublicHistory(
        "neutron",
        "neutron==29.0.0",
        "neutron/db/migration/alembic_migrations/versions",
        "mariadb",
        whole=True,
        recursive=True,
    ),
    PublicHistory(
        "octavia",
        "octavia==19.0.0",
        "octavia/db/migration/alembic_migrations/versions",
        "mariadb",
        needs=("octavia-lib==3.12.0", "oslo.log==8.3.2", "oslo.utils==10.2.0"),
    ),
    PublicHistory(
        "manila",
        "manila==23.0.1",
        "manila/db/migrations/alembic/versions",
        "mariadb",
        needs=("oslo.log==8.3.2", "oslo.utils==10.2.0", "oslo.db==18.1.1"),
        models=f"import sqlalchemy.orm\n{MODELS}",
    ),
    PublicHistory(
        "ironic",
        "ironic==39.0.0",
        "ironic/db/sqlalchemy/alembic/versions",
        "mariadb",
        whole=True,
        models=IRONIC_MODELS,
        env=IRONIC_ENV,
        environment={"OS_DATABASE__CONNECTION": "{url}"},
    ),
)


@dataclass(frozen=True)
class TinyProject:
    """A history in an alembic-manage project of its own, with an empty database."""

    history: PublicHistory
    python: Path
    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """For its processes; the home folder is the project's, for applications write there when imported."""
        own = {name: value.format(url=self.url) for name, value in self.history.environment.items()}
        ours = {"HOME": str(self.folder), "PYTHONPATH": str(ROOT), "DATABASE_URL": self.url}
        return {**os.environ, **ours, **own}

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python manage.py ...`."""
        return run([self.python, "manage.py", *arguments], cwd=self.folder, env=self.environment)

    def migrate(self) -> None:
        """Upgrade the database to the heads, as plain Alembic would."""
        if self.history.first:
            run([self.python, "-c", self.history.first], check=True, cwd=self.folder, env=self.environment)
            self.require("historystate", "--write-baseline", "database")
        if self.history.rows:
            revision, statement = self.history.rows
            self.require("migrate", revision)
            execute(make_url(self.url), statement)
        self.require("migrate", "heads")

    def require(self, *arguments: str) -> None:
        """Run a command that has to succeed.

        Raises:
            RuntimeError: it does not.
        """
        done = self.manage(*arguments)
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}: {last_line(done.stderr)}")

    def document(self, *arguments: str) -> dict[str, Any]:
        """The JSON document that a command prints; some applications log to standard output when imported.

        Raises:
            RuntimeError: it prints none.
        """
        done = self.manage(*arguments)
        start = 0 if done.stdout.startswith("{") else done.stdout.find("\n{") + 1
        try:
            found: dict[str, Any] = json.loads(done.stdout[start:])
        except ValueError:
            raise RuntimeError(f"manage.py {' '.join(arguments)}: {last_line(done.stderr)}") from None
        return found

    @property
    def raw_ddl(self) -> frozenset[str]:
        """The revision files, as paths below the project, with DDL in a string."""
        files = (self.folder / "alembic_database" / "versions").rglob("*.py")
        return frozenset(file.relative_to(self.folder).as_posix() for file in files if holds_ddl(file))


def last_line(text: str) -> str:
    """The error that a command ended with: the last line that is no hint."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("Hint:")]
    return lines[-1].strip() if lines else "it printed nothing"


def holds_ddl(file: Path) -> bool:
    """Whether a revision file, but for downgrade() and its docstrings, has DDL in a string."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    parts = [part for part in tree.body if not (isinstance(part, ast.FunctionDef) and part.name == "downgrade")]
    nodes = [node for part in parts for node in ast.walk(part)]
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    strings = (node.value for node in nodes if isinstance(node, ast.Constant) and node not in docstrings)
    return any(isinstance(text, str) and DDL.search(text) for text in strings)


@dataclass
class Outcome:
    """What was found for one history."""

    history: PublicHistory
    problem: str = ""
    """Why there are no figures; empty where there are."""
    revisions: int = 0
    replayed: int = 0
    raw_ddl: int = 0
    """Revisions with DDL in a string."""
    opaque: list[dict[str, Any]] = field(default_factory=list)
    """As `historystate --json` gives them: revision, path, line, reason and statement."""
    opaque_with_ddl: int = 0
    """How many of the opaque ones hold DDL in a string."""
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    """As `historystate --verify --json` gives them: against, equal, reason and differences."""
    migrate_s: float = 0.0
    replay_s: float = 0.0

    @property
    def opaque_revisions(self) -> int:
        """How many revisions are opaque; one may be so for several reasons."""
        return len({each["revision"] for each in self.opaque})

    @property
    def is_equal(self) -> bool:
        """Whether a database was found to hold what the state says, and none to hold anything else."""
        found = [each["equal"] for each in self.verdicts if each["equal"] is not None]
        return bool(found) and all(found)

    @property
    def plain_share(self) -> float:
        """The share of the revisions without raw DDL that replay."""
        plain = self.revisions - self.raw_ddl
        return 1 - (self.opaque_revisions - self.opaque_with_ddl) / plain


def run(arguments: Sequence[str | Path], *, check: bool = False, **options: Any) -> subprocess.CompletedProcess[str]:
    """A process with its output captured, run with low priority.

    Raises:
        RuntimeError: it fails, and `check` is set.
    """
    done = subprocess.run(["nice", "-n", "10", *map(str, arguments)], capture_output=True, text=True, **options)
    if check and done.returncode:
        raise RuntimeError(f"{arguments[-1]}: {last_line(done.stderr)}")
    return done


def install(history: PublicHistory, cache: Path) -> Path:
    """The Python of the virtual environment with the history's package; made once for a package and its pins."""
    folder = cache / history.package.replace("==", "-")
    python = folder / "bin" / "python"
    stamp = folder / "complete.json"
    wanted = json.dumps([history.sqlalchemy, history.whole, *TOOLS, *history.needs])
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    venv.create(folder, with_pip=True)
    pip: list[str | Path] = [python, "-m", "pip", "install", "-q"]
    pins = (*TOOLS, f"sqlalchemy=={history.sqlalchemy}", *history.needs)
    run([*pip, *pins, history.package] if history.whole else [*pip, *pins], check=True)
    # Last, so that the package is what it says even where a tool above is newer than its metadata allows.
    run([*pip, "--no-deps", history.package], check=True)
    stamp.write_text(wanted)
    return python


def site_packages(python: Path) -> Path:
    """Where a virtual environment's packages lie."""
    found = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True)
    return Path(found.stdout.strip())


def write_project(history: PublicHistory, python: Path, folder: Path) -> None:
    """The repository's own manage.py and env.py around the history's revision files."""
    shutil.copy(ROOT / "manage.py", folder)
    database = folder / "alembic_database"
    shutil.copytree(site_packages(python) / history.versions, database / "versions")
    env = (ROOT / "alembic_database" / "env.py").read_text()
    (database / "env.py").write_text(env.replace(ANCHOR, f"{history.env}{ANCHOR}"))
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "models.py").write_text(history.models)
    (folder / "alembic.ini").write_text(ALEMBIC_INI.format(recursive=str(history.recursive).lower()))


@contextmanager
def fresh_database(history: PublicHistory, folder: Path) -> Iterator[str]:
    """The URL of an empty database that is dropped at the end."""
    if history.database == "sqlite":
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    variable, default = SERVERS[history.database]
    server = make_url(os.environ.get(variable) or default)
    name = f"hist_{history.name.replace('-', '_')}_{os.getpid()}"
    execute(server, f"CREATE DATABASE {name}")
    try:
        url = server.set(database=name, drivername=history.driver or server.drivername)
        yield url.render_as_string(hide_password=False)
    finally:
        execute(server, f"DROP DATABASE {name}")


def execute(url: URL, statement: str) -> None:
    """Run a statement outside a transaction."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


@contextmanager
def tiny_project(history: PublicHistory, cache: Path) -> Iterator[TinyProject]:
    """A history's project, with its packages installed and an empty database."""
    python = install(history, cache)
    folder = cache / "projects" / history.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_project(history, python, folder)
    with fresh_database(history, folder) as url:
        yield TinyProject(history, python, folder, url)


def examine(history: PublicHistory, cache: Path) -> Outcome:
    """Migrate, replay and compare one history; what stops it becomes the outcome's problem."""
    outcome = Outcome(history)
    try:
        with tiny_project(history, cache) as project:
            began = time.perf_counter()
            project.migrate()
            outcome.migrate_s = time.perf_counter() - began
            measure(project, outcome)
    except (RuntimeError, DBAPIError) as error:
        outcome.problem = str(error)
    return outcome


def measure(project: TinyProject, outcome: Outcome) -> None:
    """Fill in what the history state says of a project whose database is at the heads."""
    began = time.perf_counter()
    project.manage("historystate", "--json", "--against", "history")
    outcome.replay_s = time.perf_counter() - began
    state = project.document("historystate", "--verify", "--json")
    (project.folder / "historystate.json").write_text(json.dumps(state, indent=2))
    raw = project.raw_ddl
    outcome.revisions, outcome.replayed, outcome.opaque = state["revisions"], state["replayed"], state["opaque"]
    outcome.raw_ddl = len(raw)
    outcome.opaque_with_ddl = len({each["revision"] for each in outcome.opaque if each["path"] in raw})
    outcome.verdicts = state["verify"]


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """The figures of every history, as lines of Markdown."""
    head = ("history", "version", "database", "revisions", "replayed", "opaque", "with raw DDL", "others replayed")
    lines = [f"| {' | '.join(head)} | differences |", "| --- " * (len(head) + 1) + "|"]
    for outcome in outcomes:
        version = outcome.history.package.split("==")[1]
        cells = [outcome.history.name, version, outcome.history.database]
        if outcome.problem:
            cells += ["failed, see below", *[""] * 5]
        else:
            cells += [str(outcome.revisions), f"{outcome.replayed} ({outcome.replayed / outcome.revisions:.1%})"]
            cells += [str(outcome.opaque_revisions), str(outcome.raw_ddl), f"{outcome.plain_share:.1%}"]
            cells += ["; ".join(map(verdict_line, outcome.verdicts))]
        lines.append(f"| {' | '.join(cells)} |")
    found = [outcome for outcome in outcomes if not outcome.problem]
    return [*lines, "", total(found)] if len(found) > 1 else lines


def total(found: Sequence[Outcome]) -> str:
    """The figures of several histories together."""
    revisions, replayed = sum(each.revisions for each in found), sum(each.replayed for each in found)
    plain = sum(each.revisions - each.raw_ddl for each in found)
    opaque = sum(each.opaque_revisions - each.opaque_with_ddl for each in found)
    equal = sum(each.is_equal for each in found)
    return (
        f"Together: {replayed} of {revisions} revisions replay ({replayed / revisions:.1%}), "
        f"{plain - opaque} of {plain} without raw DDL ({1 - opaque / plain:.1%}); "
        f"{equal} of {len(found)} states are what the databases hold."
    )


def verdict_line(verdict: Mapping[str, Any]) -> str:
    """What a comparison found, in a few words."""
    if verdict["equal"] is None:
        return f"{verdict['against']}: not compared"
    return f"{verdict['against']}: {len(verdict['differences']) or 'none'}"


def details(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Why revisions are opaque and what differs, history by history."""
    for outcome in outcomes:
        lines = [outcome.problem] if outcome.problem else [*reasons(outcome), *differences(outcome)]
        if lines:
            yield from (f"\n## {outcome.history.name}\n", *lines)


def reasons(outcome: Outcome) -> Iterator[str]:
    """Why revisions are opaque, the most frequent reason first, with the revisions that have it."""
    revisions: dict[str, list[str]] = {}
    for each in outcome.opaque:
        revisions.setdefault(f"{each['kind']}: {each['reason']}", []).append(each["revision"])
    for reason, ids in sorted(revisions.items(), key=lambda item: -len(item[1])):
        yield f"- opaque, {one_line(reason)} ({shortened(dict.fromkeys(ids))})"


def differences(outcome: Outcome) -> Iterator[str]:
    """Where the state is not what a database holds; once for databases that say the same."""
    databases: dict[tuple[str, ...], list[str]] = {}
    for verdict in outcome.verdicts:
        lines = verdict["differences"] if verdict["equal"] is not None else [f"not compared: {verdict['reason']}"]
        databases.setdefault(tuple(lines), []).append(verdict["against"])
    for lines, names in databases.items():
        yield from (f"- {', '.join(names)}: {one_line(line)}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"- {', '.join(names)}: and {len(lines) - SHOWN} more"


def one_line(text: str) -> str:
    """A text without line breaks, and not too long for a list."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def shortened(names: Iterable[str]) -> str:
    """Names with commas; of many only the first ones."""
    all_names = list(names)
    rest = len(all_names) - SHOWN
    return ", ".join(all_names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def report(outcomes: Sequence[Outcome]) -> str:
    """The committed report: only figures that do not depend on the machine."""
    return "\n".join([INTRODUCTION, *table(outcomes), *details(outcomes), LEFT_OUT])


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the histories to examine; default: all")
    parser.add_argument("--cache", type=Path, help="a folder for environments and projects, kept; default: a temporary")
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    unknown = set(options.names) - {history.name for history in HISTORIES}
    if unknown:
        parser.error(f"no such history: {', '.join(sorted(unknown))}")
    if options.write and options.names:
        parser.error("--write is for all histories")
    return options


def main() -> None:
    """Examine the histories, print the table, and write the report where that was asked for."""
    options = parse_arguments()
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache.resolve() if options.cache else Path(folder)
        for history in HISTORIES:
            if not options.names or history.name in options.names:
                outcome = examine(history, cache)
                outcomes.append(outcome)
                result = outcome.problem or f"migrate {outcome.migrate_s:.1f} s, replay {outcome.replay_s:.1f} s"
                print(f"{history.name}: {result}", flush=True)
    print("\n".join(["", *table(outcomes), *details(outcomes)]))
    if options.write:
        REPORT.write_text(report(outcomes))


if __name__ == "__main__":
    main()
