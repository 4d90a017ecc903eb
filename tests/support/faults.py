"""Faults: a project whose commands are run by many processes at once, killed, or cut off; and what it must look like.

faults_boundaries.py  the boundaries of statements, where a process may kill itself
faults_nursery.py     forks the processes of one tool
faults_bank.py        the project that is migrated, and what is in its database
faults_kills.py       kills, one after the other, and what each leaves
faults_tmpfs.py       a small disk
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from support.projects import ROOT

NURSERY = Path(__file__).with_name("faults_nursery.py")
TIMEOUT_S = 180.0
KILL = 9
_NOT_INHERITED = ("SETTINGS_MODULE", "SQL_ECHO", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS", "DJANGO_SETTINGS_MODULE")


def size(name: str, default: int) -> int:
    """How large a trial is: an environment variable, or what takes seconds."""
    return int(os.environ.get(name) or default)


@dataclass(frozen=True)
class Request:
    """What processes are to do."""

    arguments: Sequence[str]
    """Of the tool."""
    children: int = 1
    """How many processes; all begin at once."""
    at: int = 0
    """At which boundary each does something; 0 for none."""
    beginning: str = ""
    """How a statement must begin to be counted for `at`."""
    act: int | str = KILL
    """The signal that it sends itself there; "wait" to wait until a file is deleted."""
    flag: str = ""
    """That file; the process makes it."""
    signal: int = 0
    """What is sent to each; 0 for nothing."""
    signal_after_s: float = 0.0
    """When, in seconds after they began."""
    clock_s: float = 0.0
    """How far ahead of the machine's clock its clock is, in seconds."""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True)
class Ending:
    """How a process ended."""

    code: int
    """Its exit code; the negative number of the signal that ended it."""
    seconds: float
    boundaries: int
    """How many it came to; 0 where it was killed."""
    reached: str
    """The boundary at which it did something; empty where it did not come to it."""
    out: str
    err: str

    @property
    def was_killed(self) -> bool:
        """Whether it was, by SIGKILL."""
        return self.code == -KILL

    def require(self, code: int = 0) -> Self:
        """This ending, which must have an exit code."""
        assert self.code == code, f"exit code {self.code}\n{self.out}\n{self.err}"
        return self


class Nursery:
    """A process that forks the processes of one tool, in the folder of a project.

    Args:
        folder: the project.
        url: of its database; another may be set later.
        tool: "manage", "alembic" or "django".
    """

    def __init__(
        self, folder: Path, url: str, tool: str = "manage", environment: Mapping[str, str] | None = None
    ) -> None:
        self.url = url
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        ours = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, NURSERY, tool],
            cwd=folder,
            env={**inherited, **ours, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def run(self, *arguments: str, **options: Any) -> Ending:
        """One command, to its end; the options are the fields of Request."""
        (ending,) = self.run_all(Request(arguments, **options))
        return ending

    def run_all(self, request: Request) -> list[Ending]:
        """As many commands as the request says, at once."""
        self.begin(request)
        return self.end()

    def begin(self, request: Request) -> None:
        """Begin; something may be done to them before `end` is called."""
        assert self._process.stdin is not None
        environment = {"DATABASE_URL": self.url, **request.environment}
        self._process.stdin.write(json.dumps({**asdict(request), "environment": environment}) + "\n")
        self._process.stdin.flush()

    def end(self) -> list[Ending]:
        """Wait for what has begun."""
        return [Ending(**each) for each in json.loads(self._read())]

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the nursery has ended with {self._process.wait()}"
        return line

    @contextmanager
    def paused(self, *arguments: str, at: int, flag: Path, **options: Any) -> Iterator[list[Ending]]:
        """While entered, a command stands still at a boundary; the list has its ending afterwards."""
        endings: list[Ending] = []
        self.begin(Request(arguments, at=at, act="wait", flag=str(flag), **options))
        deadline = time.monotonic() + TIMEOUT_S
        while not flag.exists():
            assert time.monotonic() < deadline, "it never came to that boundary"
            time.sleep(0.005)
        try:
            yield endings
        finally:
            flag.unlink()
            endings += self.end()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
