"""A process that has imported a tool, and forks itself for each of its commands: many begin at once, and in no time.

Run as `python faults_nursery.py TOOL` in the folder of a project; TOOL is "manage", "alembic" or "django". Reads one
request a line from standard input (JSON, the fields of `Request` in faults.py), and writes one answer a line: a list
with the ending of each child.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from faults_boundaries import BOUNDARIES, install

Command = Callable[[list[str]], int]
# What a command needs, imported once: the children then begin with their work.
NEEDED = {
    "manage": (
        "alembic_manage.cli",
        "alembic_manage.commands.migrate",
        "alembic_manage.commands.rollback",
        "alembic_manage.execution.executor",
        "alembic_manage.execution.fake",
        "alembic_manage.execution.ahead",
        "alembic_manage.environment",
        "alembic_manage.reports.run_report",
        "alembic_manage.checks",
    ),
    "alembic": ("alembic.config", "alembic.command"),
    "django": ("django.core.management", "django.db.migrations.executor", "django.core.management.commands.migrate"),
}
LIBRARIES = ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "alembic.op")


def command_of(tool: str) -> Command:
    """What runs one command of a tool, and returns its exit code."""
    for name in NEEDED[tool] if tool == "django" else (*LIBRARIES, *NEEDED[tool]):
        import_module(name)
    if tool == "manage":
        from alembic_manage.cli import run

        os.environ.setdefault("SETTINGS_MODULE", "settings")
        return lambda arguments: int(run(["manage.py", *arguments]))
    if tool == "alembic":
        from alembic.config import main as alembic

        return lambda arguments: _code_of(lambda: alembic(arguments))
    from django.core.management import execute_from_command_line

    return lambda arguments: _code_of(lambda: execute_from_command_line(["manage.py", *arguments]))


def _code_of(call: Callable[[], object]) -> int:
    """The exit code of a command that ends the process itself, or lets an exception out."""
    try:
        call()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


class Child:
    """One command in a process of its own.

    Args:
        command: runs it.
        request: what it is to do.
        gate: the reading end of a pipe; the child begins when its writing ends are closed.
    """

    def __init__(self, command: Command, request: dict[str, Any], gate: tuple[int, int]) -> None:
        self.files: dict[str, IO[bytes]] = {
            name: tempfile.TemporaryFile()  # noqa: SIM115 -- closed by `ending`
            for name in ("out", "err", "boundaries", "reached")
        }
        self.began = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(command, request, gate)
        self.code: int | None = None
        self.seconds = 0.0

    def _live(self, command: Command, request: dict[str, Any], gate: tuple[int, int]) -> None:
        """Be the child, to its end."""
        code = 1
        try:
            os.close(gate[1])
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(self.files["out"].fileno(), 1)
            os.dup2(self.files["err"].fileno(), 2)
            os.environ.update(request["environment"])
            sys.argv = ["manage.py", *request["arguments"]]
            os.read(gate[0], 1)
            set_clock(request["clock_s"])
            BOUNDARIES.reset(request["at"], lambda where: self._act(request, where), request["beginning"])
            code = command(request["arguments"])
        except BaseException:
            traceback.print_exc()
        finally:
            os.write(self.files["boundaries"].fileno(), str(BOUNDARIES.count).encode())
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _act(self, request: dict[str, Any], where: str) -> None:
        """Do what the request says at a boundary, as the child."""
        os.write(self.files["reached"].fileno(), where.encode())
        if request["act"] != "wait":
            os.kill(os.getpid(), request["act"])
            return
        flag = Path(request["flag"])
        flag.touch()
        while flag.exists():
            time.sleep(0.005)

    def poll(self) -> bool:
        """Whether it has ended."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                self.seconds = time.monotonic() - self.began
        return self.code is not None

    def ending(self) -> dict[str, Any]:
        """How it ended, for the answer."""
        texts = {name: self._text(name) for name in self.files}
        boundaries = int(texts.pop("boundaries") or 0)
        return {"code": self.code, "seconds": self.seconds, "boundaries": boundaries, **texts}

    def _text(self, name: str) -> str:
        with self.files[name] as file:
            file.seek(0)
            return file.read().decode(errors="replace")


def set_clock(shift_s: float) -> None:
    """Let the suite see another time than the machine's: that of its modules which ask for the time is replaced."""
    if not shift_s:
        return

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=shift_s)

    for name, module in sys.modules.items():
        if name.startswith("alembic_manage") and vars(module).get("datetime") is datetime:
            vars(module)["datetime"] = Shifted


def raise_children(command: Command, request: dict[str, Any]) -> list[dict[str, Any]]:
    """Fork the children of a request, send them what it says, and wait; how each ended."""
    gate = os.pipe()
    children = [Child(command, request, gate) for _ in range(request["children"])]
    os.close(gate[0])
    os.close(gate[1])
    opened = time.monotonic()
    signalled = False
    while not all(map(Child.poll, children)):
        waited = time.monotonic() - opened
        if request["signal"] and not signalled and waited >= request["signal_after_s"]:
            signalled = True
            _send(children, request["signal"])
        if waited > request["timeout_s"]:
            _send(children, signal.SIGKILL)
        time.sleep(0.002)
    return [child.ending() for child in children]


def _send(children: Sequence[Child], number: int) -> None:
    for child in children:
        if child.code is None:
            os.kill(child.pid, number)


def main(tool: str) -> None:
    """Answer requests until the input ends."""
    sys.path[0] = str(Path.cwd())
    sys.dont_write_bytecode = True
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    install()
    command = command_of(tool)
    print("ready", file=answers, flush=True)
    while line := sys.stdin.readline():
        print(json.dumps(raise_children(command, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
