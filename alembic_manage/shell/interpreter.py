"""The interactive interpreters that `shell` can open, in the order in which they are tried."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any

from alembic_manage.errors import CommandError
from alembic_manage.shell.namespace import Namespace


@dataclass(frozen=True)
class Interpreter:
    """One interactive interpreter."""

    name: str
    """What the user types after --interface."""
    module: str
    """The module that must be installed for it."""
    open: Callable[[Namespace, bool], None]
    """Opens it and comes back when the user leaves; takes the names, and whether start-up files are read."""

    @property
    def is_installed(self) -> bool:
        """Whether its module can be found."""
        return find_spec(self.module) is not None


def choose_interpreter(name: str | None) -> Interpreter:
    """The interpreter called `name`; the first that is installed where None.

    Raises:
        CommandError: it is not installed.
    """
    if name is None:
        return next(interpreter for interpreter in INTERPRETERS if interpreter.is_installed)
    chosen = next(interpreter for interpreter in INTERPRETERS if interpreter.name == name)
    if not chosen.is_installed:
        raise CommandError(f"{chosen.module} is not installed for {sys.executable}.", hint=f"pip install {chosen.name}")
    return chosen


def _open_ipython(namespace: Namespace, startup: bool) -> None:
    ipython, helpers = import_module("IPython"), import_module("IPython.core.async_helpers")
    del startup
    try:
        ipython.start_ipython(argv=[], user_ns=namespace.values())
    finally:
        # IPython keeps one event loop, to which the connections belong.
        helpers.get_asyncio_loop().run_until_complete(namespace.aclose())


def _open_bpython(namespace: Namespace, startup: bool) -> None:
    del startup
    try:
        import_module("bpython").embed(namespace.values())
    finally:
        namespace.close()


def _open_ptpython(namespace: Namespace, startup: bool) -> None:
    embed = import_module("ptpython.repl").embed
    del startup
    names = namespace.values()
    if not namespace.is_async:
        try:
            embed(names, names)
        finally:
            namespace.close()
        return

    async def interact() -> None:
        try:
            await embed(names, names, return_asyncio_coroutine=True)
        finally:
            await namespace.aclose()

    asyncio.run(interact())


def _open_python(namespace: Namespace, startup: bool) -> None:
    console = AwaitingConsole({"__name__": "__console__", "__doc__": None, **namespace.values()})
    try:
        if startup:
            console.run_startup_files()
        console.complete_names()
        console.interact(f"Python {sys.version} on {sys.platform}", exitmsg="")
    finally:
        console.runner.run(namespace.aclose())
        console.runner.close()


class AwaitingConsole(code.InteractiveConsole):
    """Python's own console, in which `await` may stand at the top level, all in one event loop."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.names = names
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.runner = asyncio.Runner()

    def runcode(self, code: CodeType) -> None:
        """Run what was typed; an exception is shown, and SystemExit leaves the console."""
        try:
            if code.co_flags & inspect.CO_COROUTINE:
                self.runner.run(eval(code, self.names))
            else:
                exec(code, self.names)
        except SystemExit:
            raise
        except BaseException:
            self.showtraceback()

    def run_startup_files(self) -> None:
        """Run $PYTHONSTARTUP and ~/.pythonrc.py, as Django's shell does."""
        for path in _startup_files():
            self.runsource(path.read_text(encoding="utf-8"), str(path), "exec")

    def complete_names(self) -> None:
        """Tab completion of the names, and Python's own history file, where there is a readline."""
        try:
            import readline
            import rlcompleter
        except ImportError:
            return
        hook = getattr(sys, "__interactivehook__", None)
        if hook is not None:
            hook()
        readline.set_completer(rlcompleter.Completer(self.names).complete)


def _startup_files() -> Iterator[Path]:
    named = os.environ.get("PYTHONSTARTUP")
    for path in dict.fromkeys([Path(named)] if named else []) | {Path("~/.pythonrc.py").expanduser(): None}:
        if path.is_file():
            yield path


INTERPRETERS = (
    Interpreter("ipython", "IPython", _open_ipython),
    Interpreter("bpython", "bpython", _open_bpython),
    Interpreter("ptpython", "ptpython", _open_ptpython),
    Interpreter("python", "code", _open_python),
)
