"""Runs the project's tests with pytest."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser
from alembic_manage.errors import AlreadyReportedError, CommandError, UsageError
from alembic_manage.settings.settings_module import SETTINGS_VARIABLE
from alembic_manage.shell.child_process import run_child

_OWN_OPTIONS = ("--settings", "--pythonpath", "--parallel")
_OWN_FLAGS = ("--keepdb", "-h", "--help", "--traceback", "--no-color", "--force-color", "--skip-checks")


class Command(BaseCommand):
    """`test [pytest arguments]`."""

    help = (
        "Run the tests with pytest. Other arguments than those below go to pytest: test tests/unit -x -v. "
        "pytest's own help: test -- --help."
    )
    suppressed_base_arguments = frozenset({"-v", "--verbosity", "--version"})

    def add_arguments(self, parser: CommandParser) -> None:
        """What pytest gets, for the help; `parse` is what separates it."""
        parser.add_argument("args", metavar="pytest arguments", nargs="*", help="paths, -k, -x, -v, --pdb, ...")
        parser.add_argument(
            "--keepdb", action="store_true", help="keep the test database; the next run only applies what is new"
        )
        parser.add_argument(
            "--parallel",
            nargs="?",
            const="auto",
            metavar="N",
            help="run in N processes (default: one per core), each with its own test database; needs pytest-xdist",
        )

    def parse(self, parser: CommandParser, argv: Sequence[str]) -> argparse.Namespace:
        """Our options parsed, everything else in `args` as it was typed; the first "--" ends our options."""
        own: list[str] = []
        theirs: list[str] = []
        words = iter(_with_count(argv))
        for word in words:
            if word == "--":
                theirs += words
            elif word in _OWN_FLAGS or word.startswith(tuple(f"{option}=" for option in _OWN_OPTIONS)):
                own.append(word)
            elif word in _OWN_OPTIONS:
                own += [word, *(value for value in [next(words, None)] if value is not None)]
            else:
                theirs.append(word)
        namespace = super().parse(parser, own)
        namespace.args = theirs
        return namespace

    def handle(self, *args: str, **options: Any) -> None:
        """Run pytest in the project's folder; its exit code is ours."""
        if importlib.util.find_spec("pytest") is None:
            raise CommandError(f"pytest is not installed for {sys.executable}.", hint="pip install pytest")
        env = {SETTINGS_VARIABLE: self.project.settings.module}
        if options["pythonpath"]:
            first = str(Path(options["pythonpath"]).absolute())
            env["PYTHONPATH"] = os.pathsep.join(filter(None, (first, os.environ.get("PYTHONPATH"))))
        colour = ["--color=no"] if options["no_color"] else ["--color=yes"] if options["force_color"] else []
        databases = ["--keepdb"] if options["keepdb"] else []
        words = [*colour, *databases, *_processes(options["parallel"]), *args]
        code = run_child([sys.executable, "-m", "pytest", *words], env, self.project.root)
        if code:
            raise AlreadyReportedError(returncode=code)


def _with_count(argv: Sequence[str]) -> Iterator[str]:
    """The words, with a number after each --parallel: what follows it may be a path."""
    words = list(argv)
    for position, word in enumerate(words):
        if word == "--":
            yield from words[position:]
            return
        yield word
        if word == "--parallel" and not _is_count("".join(words[position + 1 : position + 2])):
            yield "auto"


def _is_count(word: str) -> bool:
    return word == "auto" or word.isdigit()


def _processes(count: str | None) -> list[str]:
    """pytest-xdist's arguments for a number of processes.

    Raises:
        UsageError: it is no number.
        CommandError: pytest-xdist is not installed.
    """
    if count is None:
        return []
    if not _is_count(count) or count == "0":
        raise UsageError(
            f"--parallel takes a number of processes, not '{count}'.", hint="python manage.py test --parallel 4"
        )
    if count == "1":
        return []
    if importlib.util.find_spec("xdist") is None:
        raise CommandError(
            f"--parallel needs pytest-xdist, which is not installed for {sys.executable}.",
            hint="pip install pytest-xdist",
        )
    return ["-n", count]
