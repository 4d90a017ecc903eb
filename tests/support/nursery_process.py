"""A process that has imported a lot and forks itself for each command: most of a short one are imports.

Run as `python nursery_process.py DESCRIPTOR [ROOT]`: a socket, and the repository. Reads one request a line (JSON:
argv, folder, environment, stdin, terminal, timeout_s), and writes one answer a line: returncode, stdout and stderr.
Where the request names a terminal, an empty line before says that it was opened, and all that is written is on it. With
ROOT it imports the suite as well, for `manage.py`; without, the libraries alone, for plain Alembic.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import tempfile
import termios
import threading
import time
import types
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

LIBRARIES = (
    "alembic.autogenerate",
    "alembic.command",
    "alembic.config",
    "dotenv",
    "logging.config",
    "mako.template",
    "psycopg",
    "pymysql",
    "rich.console",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
)
NAMES = ("stdin", "stdout", "stderr")
NOT_FOR_COMMANDS = ("alembic_manage.__main__", "alembic_manage.templates", "alembic_manage.testing")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """How the command of a request ended."""
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in NAMES]
        files[0].write((request["stdin"] or "").encode())
        files[0].seek(0)
        pid = os.fork()
        if pid == 0:
            live(request, [file.fileno() for file in files])
        code = wait(pid, request["timeout_s"])
        return {"returncode": code, **{name: _text(file) for name, file in zip(NAMES[1:], files[1:], strict=True)}}


def answer_on_terminal(request: dict[str, Any], opened: Callable[[], None]) -> dict[str, Any]:
    """How the command of a request ended that ran on its terminal."""
    terminal = os.open(request["terminal"], os.O_RDWR | os.O_NOCTTY)
    opened()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        live(request, [terminal] * len(NAMES))
    os.close(terminal)
    return {"returncode": wait(pid, request["timeout_s"]), "stdout": "", "stderr": ""}


def wait(pid: int, timeout_s: float) -> int | None:
    """The exit code of a child; None where it took too long, and was killed."""
    deadline = time.monotonic() + timeout_s
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return None
        time.sleep(0.003)


def live(request: dict[str, Any], files: list[int]) -> None:
    """Be the command, to its end."""
    for descriptor, file in enumerate(files):
        os.dup2(file, descriptor)
    assert isinstance(sys.stdout, TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=os.isatty(1))
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os._exit(ended(request["argv"]))


def ended(argv: list[str]) -> int:
    """Run `python ARGV`, and do what Python does at the end of a program; the exit code."""
    code = 0
    try:
        execute(argv)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if code and not isinstance(stop.code, int):
            print(stop.code, file=sys.stderr)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


def execute(argv: list[str]) -> None:
    """`python FILE ...`, `python -c CODE ...` or `python -m MODULE ...`, in the current folder."""
    given = os.environ.get("PYTHONPATH", "")
    sys.path[:0] = [str(Path.cwd()), *filter(None, given.split(os.pathsep))]
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ
    if argv[0] == "-m":
        sys.argv = argv[1:]
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
        return
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    if argv[0] == "-c":
        sys.argv = ["-c", *argv[2:]]
        exec(compile(argv[1], "<string>", "exec"), vars(main))
        return
    sys.argv = argv
    path = Path(argv[0]).resolve()
    main.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), vars(main))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


def import_suite(root: str) -> None:
    """Import all modules that a command may need; whatever each of them needs it imports itself."""
    sys.path.insert(0, root)
    package = import_module("alembic_manage")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith(NOT_FOR_COMMANDS):
            import_module(module.name)
    del sys.path[0]


def main(descriptor: int, root: str = "") -> None:
    """Answer requests until the other side is closed."""
    del sys.path[0]
    for name in LIBRARIES:
        import_module(name)
    if root:
        import_suite(root)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rw", encoding="utf-8") as lines:
        for line in lines:
            request = json.loads(line)
            opened = partial(print, file=lines, flush=True)
            done = answer_on_terminal(request, opened) if request["terminal"] else answer(request)
            print(json.dumps(done), file=lines, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
