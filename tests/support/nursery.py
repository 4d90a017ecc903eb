"""Runs `python ARGV` in a process that is forked from one which has imported what it needs: in a quarter of the time.

That a command imports what it needs, itself and in time, is shown where it runs in a new process: on the wheel, in the
tutorial, and by tests/architecture/test_start_up.py.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

TIMEOUT_S = 120
# Read when Python begins; what they say cannot be had afterwards.
_OF_THE_START = frozenset({"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"})


class Nursery:
    """The process that forks; it ends with the process that made it.

    Args:
        root: the repository, for one that has imported the suite too.
    """

    def __init__(self, root: str = "") -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    str(Path(__file__).with_name("nursery_process.py")),
                    str(theirs.fileno()),
                    *([root] * bool(root)),
                ],
                env={name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._lines = ours.makefile("rw", encoding="utf-8")

    def run(
        self, argv: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str | None
    ) -> subprocess.CompletedProcess[str]:
        """As subprocess.run with captured output.

        Args:
            argv: what follows `python`.
            folder: the current folder.
            environment: all of it.
            stdin: what the command reads; None for nothing.

        Raises:
            subprocess.TimeoutExpired: it did not end in TIMEOUT_S, and was killed.
        """
        self.begin(argv, folder, environment, stdin=stdin)
        return self.end()

    def begin(
        self,
        argv: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        stdin: str | None = None,
        terminal: str = "",
    ) -> None:
        """Begin what `run` runs; `end` is to follow.

        Args:
            argv: what follows `python`.
            folder: the current folder.
            environment: all of it.
            stdin: what the command reads; None for nothing.
            terminal: the path of the one that it runs on instead, which is open there when this returns.
        """
        request = {
            "argv": list(argv),
            "folder": str(folder),
            "environment": dict(environment),
            "stdin": stdin,
            "terminal": terminal,
            "timeout_s": TIMEOUT_S,
        }
        print(json.dumps(request), file=self._lines, flush=True)
        if terminal:
            self._lines.readline()

    def end(self) -> subprocess.CompletedProcess[str]:
        """How what was begun ended.

        Raises:
            subprocess.TimeoutExpired: it did not end in TIMEOUT_S, and was killed.
        """
        answer = json.loads(self._lines.readline())
        if answer["returncode"] is None:
            raise subprocess.TimeoutExpired("python", TIMEOUT_S, answer["stdout"], answer["stderr"])
        return subprocess.CompletedProcess("python", **answer)


@cache
def nursery(root: str = "") -> Nursery:
    """The one of this process, begun when it is first asked for; with the repository's folder, one for `manage.py`."""
    return Nursery(root)


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether a forked process is like a new one: nothing is said to Python that it reads when it begins."""
    said = {name: value for name, value in environment.items() if name.startswith(("PYTHON", "LC_", "LANG"))}
    return all(name in _OF_THE_START or os.environ.get(name) == value for name, value in said.items())
