"""The three tools, each with a project that does the same, as its own documentation has it."""

from __future__ import annotations

import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from databases import Database
from process import ROOT, Run, run
from schema import Schema, metadata_source, migration_id, migration_source, models_source, revision_source

JOBS = ("help", "version", "typo", "complete", "upgrade", "status", "sql", "back", "forth", "check")
"""What every tool is asked for, where it can do it."""


class Tool(ABC):
    """A tool that migrates, with a project of its own.

    Args:
        folder: where the project goes; it does not exist yet.
        database: of the project.
        schema: what the migrations make.
    """

    title = ""
    name = ""

    def __init__(self, folder: Path, database: Database, schema: Schema) -> None:
        self.folder = folder
        self.database = database
        self.schema = schema
        folder.mkdir(parents=True)
        self.make()
        self.hold(schema)

    @abstractmethod
    def make(self) -> None:
        """Write the project without its migrations."""

    def hold(self, schema: Schema) -> None:
        """Make the project have these migrations and models: what is there of others goes."""
        for number in schema.numbers:
            path = self.path_of(number)
            if not path.exists():
                path.write_text(self.source_of(number), encoding="utf-8")
        number = schema.size + 1
        while (path := self.path_of(number)).exists():
            path.unlink()
            number += 1
        self.models.write_text(self.models_of(schema), encoding="utf-8")

    @property
    @abstractmethod
    def models(self) -> Path:
        """The file of the models."""

    @abstractmethod
    def models_of(self, schema: Schema) -> str:
        """The text of that file."""

    @abstractmethod
    def source_of(self, number: int) -> str:
        """The text of a migration."""

    @abstractmethod
    def path_of(self, number: int) -> Path:
        """The file of a migration."""

    @property
    @abstractmethod
    def commands(self) -> Mapping[str, Sequence[str]]:
        """The command line of each job."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of every job."""
        return {"DATABASE_URL": self.database.url}

    @property
    @abstractmethod
    def version_rows(self) -> Sequence[str]:
        """SQL that says of every migration that it is applied."""

    def forget(self) -> None:
        """Delete what the tool keeps of earlier runs, but for Python's own cache."""
        shutil.rmtree(self.folder / ".alembic_manage_cache", ignore_errors=True)

    def can(self, job: str) -> bool:
        """Whether the tool has such a job."""
        return job in self.commands

    def run(self, job: str) -> Run:
        """Do a job."""
        code = {"typo": None}.get(job, 0)
        extra = {"DJANGO_AUTO_COMPLETE": "1", "COMP_WORDS": "manage.py mig", "COMP_CWORD": "1"}
        is_django_completion = job == "complete" and self.name == "django"
        return run(
            [sys.executable, *self.commands[job]],
            self.folder,
            {**self.environment, **(extra if is_django_completion else {})},
            returncode=code,
        )


class Ours(Tool):
    """alembic-manage, in the project that `startproject` writes."""

    title, name = "alembic-manage", "ours"

    def make(self) -> None:
        """The repository's own files."""
        self.versions.mkdir(parents=True)
        for name in ("manage.py", "settings.py", "alembic.ini", "alembic_database/env.py"):
            shutil.copy(ROOT / name, self.folder / name)
        shutil.copy(ROOT / "alembic_database" / "script.py.mako", self.folder / "alembic_database")
        (self.folder / "myproject").mkdir()
        (self.folder / "myproject" / "__init__.py").touch()

    @property
    def versions(self) -> Path:
        """The folder of the revisions."""
        return self.folder / "alembic_database" / "versions"

    @property
    def models(self) -> Path:
        """The file of the models."""
        return self.folder / "myproject" / "models.py"

    def models_of(self, schema: Schema) -> str:
        """A MetaData."""
        return metadata_source(schema)

    def source_of(self, number: int) -> str:
        """A revision."""
        return revision_source(number)

    def path_of(self, number: int) -> Path:
        """The file of a revision."""
        return self.versions / f"{migration_id(number)}.py"

    @property
    def commands(self) -> Mapping[str, Sequence[str]]:
        """manage.py, in Django's words."""
        words = {
            "help": ["help"],
            "version": ["--version"],
            "typo": ["migrat"],
            "complete": ["completion", "bash", "--words", "mig"],
            "upgrade": ["migrate"],
            "status": ["showmigrations"],
            "sql": ["sqlmigrate", migration_id(self.schema.size)],
            "back": ["rollback", "--accept-data-loss", "--no-input"],
            "forth": ["migrate"],
            "check": ["makemigrations", "--check"],
        }
        return {job: ["manage.py", *arguments] for job, arguments in words.items()}

    @property
    def version_rows(self) -> Sequence[str]:
        """As Alembic's."""
        return alembic_rows(self.schema)


class PlainAlembic(Ours):
    """Alembic, in the project that `alembic init` writes."""

    title, name = "Alembic", "alembic"

    def make(self) -> None:
        """What `alembic init` writes, with the models as its target."""
        run([sys.executable, "-m", "alembic", "init", "migrations"], self.folder)
        ini = self.folder / "alembic.ini"
        url = self.database.url.replace("%", "%%")
        ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", url))
        env = self.folder / "migrations" / "env.py"
        target = "from models import metadata as target_metadata"
        env.write_text(env.read_text().replace("target_metadata = None", target))

    @property
    def versions(self) -> Path:
        """The folder of the revisions."""
        return self.folder / "migrations" / "versions"

    @property
    def models(self) -> Path:
        """The file of the models."""
        return self.folder / "models.py"

    @property
    def commands(self) -> Mapping[str, Sequence[str]]:
        """`alembic`."""
        words = {
            "help": ["--help"],
            "version": ["--version"],
            "typo": ["upgrad"],
            "upgrade": ["upgrade", "head"],
            "status": ["history", "--indicate-current"],
            "sql": ["upgrade", f"{migration_id(self.schema.size - 1)}:{migration_id(self.schema.size)}", "--sql"],
            "back": ["downgrade", "-1"],
            "forth": ["upgrade", "head"],
            "check": ["check"],
        }
        return {job: ["-m", "alembic", *arguments] for job, arguments in words.items()}


def alembic_rows(schema: Schema) -> Sequence[str]:
    """The version table at the last revision."""
    return (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
        f"INSERT INTO alembic_version VALUES ('{migration_id(schema.size)}')",
    )


class Django(Tool):
    """Django, with one app and nothing else installed."""

    title, name = "Django", "django"

    def make(self) -> None:
        """manage.py, settings and the app."""
        (self.folder / "manage.py").write_text(
            "import os, sys\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"
            "from django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n"
        )
        shim = "import pymysql\n\npymysql.install_as_MySQLdb()\n" if "mysql" in self.database.url else ""
        (self.folder / "settings.py").write_text(
            f"{shim}SECRET_KEY = 'benchmark'\nUSE_TZ = True\nINSTALLED_APPS = ['shop']\n"
            f"DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'\nDATABASES = {{'default': {self.database.django!r}}}\n"
        )
        (self.folder / "shop" / "migrations").mkdir(parents=True)
        (self.folder / "shop" / "__init__.py").touch()
        (self.folder / "shop" / "migrations" / "__init__.py").touch()

    @property
    def models(self) -> Path:
        """The file of the models."""
        return self.folder / "shop" / "models.py"

    def models_of(self, schema: Schema) -> str:
        """Classes."""
        return models_source(schema)

    def source_of(self, number: int) -> str:
        """A migration."""
        return migration_source(number)

    def path_of(self, number: int) -> Path:
        """The file of a migration."""
        return self.folder / "shop" / "migrations" / f"{migration_id(number)}.py"

    @property
    def commands(self) -> Mapping[str, Sequence[str]]:
        """manage.py."""
        words = {
            "help": ["help"],
            "version": ["--version"],
            "typo": ["migrat"],
            "complete": [],
            "upgrade": ["migrate", "--no-input"],
            "status": ["showmigrations"],
            "sql": ["sqlmigrate", "shop", migration_id(self.schema.size)],
            "back": ["migrate", "--no-input", "shop", migration_id(self.schema.size - 1)],
            "forth": ["migrate", "--no-input"],
            "check": ["makemigrations", "--check"],
        }
        return {job: ["manage.py", *arguments] for job, arguments in words.items()}

    @property
    def version_rows(self) -> Sequence[str]:
        """Django's table, as its recorder makes it."""
        rows = ", ".join(f"('shop', '{migration_id(n)}', CURRENT_TIMESTAMP)" for n in self.schema.numbers)
        return (self.database.django_table, f"INSERT INTO django_migrations (app, name, applied) VALUES {rows}")


TOOLS: tuple[type[Tool], ...] = (Ours, PlainAlembic, Django)
