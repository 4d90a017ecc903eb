"""The tools that benchmarks/faults.py puts through the same faults, each with a project that does the same."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from support.faults import Nursery
from support.faults_bank import BANK, DOWN, NOTHING, UP, difference, empty, holdings_of, make_bank
from support.faults_kills import Kills, Way

DJANGO = Path(__file__).with_name("faults_django")


@dataclass(frozen=True)
class Tool:
    """A tool that migrates."""

    title: str
    name: str
    """As the nursery calls it."""
    up: Sequence[str]
    down: Sequence[str]
    to_notes: Sequence[str]
    """Up to the migration that alters a table which others use."""

    def make(self, folder: Path, url: str) -> None:
        """Its project, in a folder that does not exist yet."""
        if self.name == "manage":
            make_bank(folder)
        elif self.name == "django":
            shutil.copytree(DJANGO, folder, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            _make_plain_alembic(folder, url)


def _make_plain_alembic(folder: Path, url: str) -> None:
    """What `alembic init` writes, with the bank's migrations."""
    config = Config(folder / "alembic.ini")
    folder.mkdir()
    command.init(config, str(folder / "migrations"))
    ini = (folder / "alembic.ini").read_text(encoding="utf-8")
    (folder / "alembic.ini").write_text(ini.replace("driver://user:pass@localhost/dbname", url), encoding="utf-8")
    shutil.copytree(BANK / "alembic_database" / "versions", folder / "migrations" / "versions", dirs_exist_ok=True)


OURS = Tool("alembic-manage", "manage", UP, DOWN, ("migrate", "0003"))
ALEMBIC = Tool("alembic", "alembic", ("upgrade", "head"), ("downgrade", "base"), ("upgrade", "0003_notes"))
MIGRATE = ("migrate", "--no-input")
DJANGO_TOOL = Tool("Django", "django", MIGRATE, (*MIGRATE, "shop", "zero"), (*MIGRATE, "shop", "0003_notes"))
TOOLS = (OURS, ALEMBIC, DJANGO_TOOL)


class Stage:
    """One tool on one database.

    Args:
        tool: the tool.
        folder: does not exist yet.
        url: an empty database.
    """

    def __init__(self, tool: Tool, folder: Path, url: str) -> None:
        self.tool = tool
        self.url = url
        tool.make(folder, url)
        settings = {"DJANGO_SETTINGS_MODULE": "settings"} if tool.name == "django" else {}
        self.nursery = Nursery(folder, url, tool.name, settings)
        self.empty()
        self.nursery.run(*tool.up).require()
        self.whole = holdings_of(url)
        self.empty()

    def empty(self) -> None:
        """Take everything out of the database."""
        empty(self.url)

    @property
    def problem_above(self) -> str:
        """What differs from an undisturbed run up; empty where nothing does."""
        return difference(self.whole, holdings_of(self.url))

    def kills(self) -> Kills:
        """What kills its commands."""
        up = Way("up", self.tool.up, lambda: self.problem_above)
        down = Way("down", self.tool.down, lambda: difference(NOTHING, holdings_of(self.url)))
        return Kills(self.nursery, (up, down), self.empty)

    def close(self) -> None:
        """End the nursery."""
        self.nursery.close()
