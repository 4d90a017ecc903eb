"""One process, measured: how long it took, how much of a processor it used, how much memory it had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A process begins with the peak of memory of the one that starts it, so that is a small one.
_STARTER = """
import json, os, sys, time
begun = time.perf_counter()
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - begun
with open(sys.argv[1], "w") as report:
    cpu_s = usage.ru_utime + usage.ru_stime
    json.dump([seconds, cpu_s, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)], report)
"""
_NOT_INHERITED = ("PYTHONDONTWRITEBYTECODE", "DATABASE_URL", "SETTINGS_MODULE", "DJANGO_SETTINGS_MODULE", "SQL_ECHO")


@dataclass(frozen=True)
class Run:
    """What a process took."""

    seconds: float
    cpu_s: float
    peak_mb: float
    stdout: str = ""


def run(
    argv: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    stdin: Path | None = None,
    returncode: int | None = 0,
) -> Run:
    """Run a command to its end.

    Args:
        argv: the command.
        folder: where it runs.
        environment: variables on top of those of this process.
        stdin: what it reads; None for nothing.
        returncode: what it must end with; None for anything.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _STARTER, report.name, *argv],
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdin=stdin.open("rb") if stdin else subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        seconds, cpu_s, peak_mb, code = json.load(report)
    stdout = done.stdout.decode(errors="replace")
    if returncode is not None and code != returncode:
        said = (stdout + done.stderr.decode(errors="replace"))[-2000:]
        raise SystemExit(f"{' '.join(argv)} ended with {code} in {folder}:\n{said}")
    return Run(seconds, cpu_s, peak_mb, stdout)
