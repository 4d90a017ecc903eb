"""Three projects with the same migrations on the same kind of database, and what is measured on them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from databases import KINDS, Database, name_of
from floor import Floor
from measurement import Contestant, Key, Measurements, Turns, say
from schema import Schema
from tools import TOOLS, Ours, PlainAlembic, Tool

START_UP = ("help", "version", "typo", "complete")


class Stage:
    """The projects of one size on one kind of database.

    Args:
        kind: of database.
        place: where its databases are.
        folder: for the projects.
        size: how many migrations.
        turns: how often everything runs.
        measurements: where the figures go.
    """

    def __init__(
        self, kind: str, place: Any, folder: Path, size: int, turns: Turns, measurements: Measurements
    ) -> None:
        self.kind, self.size, self.turns, self.measurements = kind, size, turns, measurements
        schema, make = Schema(size), KINDS[kind]
        folder.mkdir(parents=True)
        databases: dict[str, Database] = {}
        for name in (*(tool.name for tool in TOOLS), "floor"):
            databases[name] = make(name_of(name), folder if kind == "sqlite" else place)
        made: list[Tool] = [tool(folder / tool.name, databases[tool.name], schema) for tool in TOOLS]
        alembic = next(tool for tool in made if type(tool) is PlainAlembic)
        self.schema = schema
        self.tools = [tool for tool in made if tool.name in turns.names]
        self.floor = Floor(alembic, databases["floor"], folder)
        self.databases = list(databases.values())
        for database in self.databases:
            database.empty()

    def close(self) -> None:
        """Take the databases away."""
        for database in self.databases:
            database.drop()

    # What is measured

    def start_up(self) -> None:
        """help, --version, a typo, the Tab key."""
        for job in START_UP:
            self._measure(job, self.tools, job)

    def upgrade(self) -> None:
        """Everything on an empty database, and the client with the same SQL; all four must end alike."""

        def compare(contestant: Any) -> None:
            if contestant.database.holdings != contestant.schema.expected:
                raise SystemExit(f"{contestant.title} on {self.kind}: it did not do the same work as the others")

        self._measure("upgrade", [*self.tools, self.floor], "upgrade", lambda each: _database(each).empty(), compare)

    def fill(self) -> None:
        """Apply everything, quickly."""
        for tool in self.tools:
            if type(tool) is Ours:
                tool.database.empty()
                tool.run("upgrade")
            else:
                self.floor.fill(tool.database, tool.version_rows)

    def nothing(self) -> None:
        """Upgrade again: after a makemigrations, as where migrations are written, and with nothing that was kept."""
        for tool in self.tools:
            if type(tool) is Ours:
                tool.run("check")
        self._measure("nothing", self.tools, "upgrade")
        ours = [tool for tool in self.tools if type(tool) is Ours]
        self._measure("nothing_kept", ours, "upgrade", lambda each: _tool(each).forget())

    def reading(self) -> None:
        """What is applied; the SQL of one migration."""
        self._measure("status", self.tools, "status")
        self._measure("sql", self.tools, "sql")

    def one(self) -> None:
        """One migration back, and forth again."""
        for case, job, other in (("back", "back", "forth"), ("forth", "forth", "back")):
            if case == "forth":
                for tool in self.tools:
                    tool.run("back")
            last = self._undo(other)
            self._measure(case, self.tools, job, after=last)
        for tool in self.tools:
            tool.run("forth")

    def check(self) -> None:
        """Nothing changed."""
        self._measure("check", self.tools, "check")

    def check_new(self) -> None:
        """The same after one new migration, with its model."""
        more = Schema(self.size + 1)
        for tool in self.tools:
            tool.hold(more)
            tool.run("upgrade")

        def renew(contestant: Contestant) -> None:
            tool = _tool(contestant)
            tool.hold(self.schema)
            if type(tool) is Ours:
                tool.run("check")
            tool.hold(more)

        self._measure("check_new", self.tools, "check", renew)
        for tool in self.tools:
            tool.hold(tool.schema)

    def _undo(self, job: str) -> Callable[[Contestant], None]:
        return lambda each: void(_tool(each).run(job))

    def _measure(
        self,
        case: str,
        contestants: Sequence[Contestant],
        job: str,
        before: Callable[[Contestant], None] = lambda _: None,
        after: Callable[[Contestant], None] = lambda _: None,
    ) -> None:
        say(f"{self.kind}, {self.size} migrations: {case}")
        for name, runs in self.turns.take(contestants, job, before, after):
            self.measurements.add(Key(self.kind, case, self.size, name), runs)
            say(f"    {name:<8} {statistics.median(run.seconds for run in runs):8.3f} s")


def void(_: object) -> None:
    """Nothing."""


def _tool(contestant: Any) -> Tool:
    assert isinstance(contestant, Tool)
    return contestant


def _database(contestant: Any) -> Database:
    found: Database = contestant.database
    return found
