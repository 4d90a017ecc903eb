"""Tiny projects: a folder of revisions and a database, run within the test's own process."""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

from alembic_manage import Project
from alembic_manage.dialects import Dialect
from alembic_manage.environment import Environment
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.fake import FakePolicy, run_all
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import Plan, Step, make_plan
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.settings.settings import Settings
from support.projects import ROOT

REVISION = '''\
"""{id}"""

import sqlalchemy as sa
from alembic import op

revision = {id!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends_on!r}


def upgrade(**arguments):
{upgrade}


def downgrade(**arguments):
{downgrade}
'''


class Events(Silent):
    """The executor's observer: remembers what it was told."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.done: list[str] = []
        """The ids of the committed revisions, in order."""
        self.faked: list[str] = []
        self.failures: list[str] = []
        self.delays: list[tuple[str, tuple[str, ...]]] = []
        """Each time that a revision could not get a lock: its id, and who held it."""
        self.waits: list[str] = []
        self.resumptions: list[tuple[str, int]] = []
        """Each revision that went on where it had stopped, and its last statement that took effect."""

    def planned(self, plan: Plan) -> None:
        self.plans.append(plan)

    def resumed(self, step: Step, statement: int) -> None:
        self.resumptions.append((step.revision.id, statement))

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        (self.faked if faked else self.done).append(step.revision.id)

    def failed(self, step: Step) -> None:
        self.failures.append(step.revision.id)

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        self.delays.append((step.revision.id, tuple(blockers)))

    def waiting(self, line: str) -> None:
        self.waits.append(line)


class TinyProject:
    """A folder with env.py and revisions, and a database.

    Args:
        root: an empty folder.
        url: the database.
    """

    def __init__(self, root: Path, url: str) -> None:
        self.root = root
        self.folder = root / "alembic_database"
        self.versions = self.folder / "versions"
        self.versions.mkdir(parents=True)
        for name in ("env.py", "script.py.mako"):
            shutil.copy2(ROOT / "alembic_database" / name, self.folder / name)
        self.settings = Settings(
            module=f"settings_{uuid.uuid4().hex}",
            root=root,
            databases={"default": DatabaseSettings(url)},
            installed_apps=(),
            migrations_dir=self.folder,
            migrations_dir_is_set=True,
            metadata=(),
            values={},
        )
        self.project = Project(self.settings)
        self._rows = create_engine(synchronous(self.project.database().url), poolclass=NullPool)

    @property
    def dialect(self) -> Dialect:
        """The facts about the database."""
        return self.project.database().dialect

    def revision(
        self,
        id: str,
        upgrade: str = "pass",
        downgrade: str = "pass",
        *,
        down: str | Sequence[str] | None = None,
        depends_on: str | Sequence[str] | None = None,
        labels: str | Sequence[str] | None = None,
    ) -> Path:
        """Write a revision file; the bodies may be indented as the test is."""
        path = self.versions / f"{id}.py"
        path.write_text(
            REVISION.format(
                id=id,
                down=down,
                labels=labels,
                depends_on=depends_on,
                upgrade=indent(dedent(upgrade).strip(), "    "),
                downgrade=indent(dedent(downgrade).strip(), "    "),
            ),
            encoding="utf-8",
        )
        return path

    def env(self, source: str) -> None:
        """Replace env.py."""
        (self.folder / "env.py").write_text(dedent(source), encoding="utf-8")

    def change_env(self, old: str, new: str) -> None:
        """Change the repository's env.py as a user would; `old` must be in it."""
        path = self.folder / "env.py"
        source = path.read_text(encoding="utf-8")
        assert old in source
        path.write_text(source.replace(old, new), encoding="utf-8")

    @property
    def environment(self) -> Environment:
        """A new environment: it reads the files as they are now."""
        return Environment(self.project, "default")

    def migrate(
        self,
        target: str = "heads",
        *,
        fake: FakePolicy = run_all,
        events: Events | None = None,
        policy: RunPolicy | None = None,
    ) -> Events:
        """Run to `target`; what happened."""
        events = events or Events()
        environment = self.environment
        history = environment.history.require_sound()
        executor = Executor(environment, policy=policy)
        executor.run(lambda recorded: make_plan(history, recorded, target), events, fake=fake)
        return events

    @property
    def recorded(self) -> set[str]:
        """The version table."""
        return set(self.environment.recorded())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, read over a connection of the test's own."""
        with self._rows.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def execute(self, *statements: str) -> None:
        """Run statements over a connection of the test's own, and commit."""
        with self._rows.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    @property
    def tables(self) -> set[str]:
        """The tables of the database, without those of the suite and Alembic."""
        with self._rows.connect() as connection:
            names = inspect(connection).get_table_names()
        return {name for name in names if not name.startswith("alembic_version")}

    def columns(self, table: str) -> set[str]:
        """The columns of a table."""
        with self._rows.connect() as connection:
            return {column["name"] for column in inspect(connection).get_columns(table)}

    def indexes(self, table: str) -> set[str | None]:
        """The indexes of a table."""
        with self._rows.connect() as connection:
            return {index["name"] for index in inspect(connection).get_indexes(table)}


def synchronous(url: Any) -> Any:
    """The same database with a driver that is not for asyncio."""
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
    return url.set(drivername=drivers[url.get_backend_name()])


@pytest.fixture
def make_tiny_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], TinyProject]]:
    """Makes tiny projects on the database of a URL."""
    # A test changes files within a second, and a .pyc file is told from an older one by the second and the size.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    made: list[TinyProject] = []
    path = list(sys.path)

    def make(url: str) -> TinyProject:
        made.append(TinyProject(tmp_path / f"tiny{len(made)}", url))
        return made[-1]

    yield make
    sys.path[:] = path  # env.py puts the project's folder there
    for project in made:
        project.project.database().dispose()


@pytest.fixture
def tiny_project(make_tiny_project: Callable[[str], TinyProject], database_url: str) -> TinyProject:
    """A tiny project; each test runs once for each kind of database."""
    return make_tiny_project(database_url)
