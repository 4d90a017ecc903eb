"""What was measured, and the order in which it is: A B C A B C, so that a busy minute hits all of them alike."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from process import Run


class Contestant(Protocol):
    """A tool, or the client."""

    name: str

    def can(self, job: str) -> bool:
        """Whether it takes part."""

    def run(self, job: str) -> Run:
        """Do it."""


@dataclass(frozen=True)
class Key:
    """What a figure is of."""

    database: str
    case: str
    size: int
    tool: str


@dataclass(frozen=True)
class Figure:
    """Medians of several runs."""

    seconds: float
    cpu_s: float
    peak_mb: float
    runs: int


class Measurements:
    """All figures of a run of the benchmark."""

    def __init__(self) -> None:
        self.figures: dict[Key, Figure] = {}

    def add(self, key: Key, runs: Sequence[Run]) -> None:
        """Take the medians."""
        values = ([run.seconds for run in runs], [run.cpu_s for run in runs], [run.peak_mb for run in runs])
        self.figures[key] = Figure(*(statistics.median(each) for each in values), runs=len(runs))

    def get(self, database: str, case: str, size: int, tool: str) -> Figure | None:
        """A figure; None where it was not measured."""
        return self.figures.get(Key(database, case, size, tool))

    def write(self, path: Path) -> None:
        """Keep them, so that table and picture can be made again."""
        rows = [{**asdict(key), **asdict(figure)} for key, figure in self.figures.items()]
        path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Measurements:
        """What `write` wrote."""
        found = cls()
        for row in json.loads(path.read_text(encoding="utf-8")):
            key = Key(**{name: row.pop(name) for name in ("database", "case", "size", "tool")})
            found.figures[key] = Figure(**row)
        return found


@dataclass(frozen=True)
class Turns:
    """How often everything runs."""

    runs: int
    """After one that does not count; 0 for that one alone, which counts then."""
    patience_s: float
    """A contestant that takes longer than this runs three times only."""
    names: frozenset[str]
    """Of the contestants that take part."""

    def take(
        self,
        contestants: Sequence[Contestant],
        job: str,
        before: Callable[[Contestant], None] = lambda _: None,
        after: Callable[[Contestant], None] = lambda _: None,
    ) -> Iterator[tuple[str, list[Run]]]:
        """Runs of each contestant, in turn, after one that does not count: it fills the caches of all.

        Args:
            contestants: who takes part.
            job: what they do.
            before: what is done before each run, unmeasured.
            after: what is done after each run, unmeasured.
        """
        found: dict[str, list[Run]] = {}
        slow: set[str] = set()
        for turn in range(self.runs + 1):
            for each in contestants:
                if each.name not in self.names or not each.can(job) or (each.name in slow and turn > min(3, self.runs)):
                    continue
                before(each)
                run = each.run(job)
                after(each)
                if turn or not self.runs:
                    found.setdefault(each.name, []).append(run)
                elif run.seconds > self.patience_s:
                    slow.add(each.name)
        yield from found.items()


def say(text: str) -> None:
    """Progress, for who waits."""
    print(text, file=sys.stderr, flush=True)
