"""Runs the project's tests with pytest."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser
from alembic_manage.errors import AlreadyReportedError, CommandError
from alembic_manage.settings import SETTINGS_VARIABLE
from alembic_manage.shell.child_process import run_child

_OWN_OPTIONS = ("--settings", "--pythonpath")
_OWN_FLAGS = ("-h", "--help", "--traceback", "--no-color", "--force-color", "--skip-checks")


class Command(BaseCommand):
    """`test [pytest arguments]`."""

    help = (
        "Run the tests with pytest. What is not named below is handed to pytest: test tests/unit -x -v. "
        "pytest's own help: test -- --help."
    )
    suppressed_base_arguments = frozenset({"-v", "--verbosity", "--version"})

    def add_arguments(self, parser: CommandParser) -> None:
        """What pytest gets, for the help; `parse` is what separates it."""
        parser.add_argument("args", metavar="pytest arguments", nargs="*", help="paths, -k, -x, -v, --pdb, ...")

    def parse(self, parser: CommandParser, argv: Sequence[str]) -> argparse.Namespace:
        """Our options parsed, everything else in `args` as it was typed; the first "--" ends our options."""
        own: list[str] = []
        theirs: list[str] = []
        words = iter(argv)
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
        code = run_child([sys.executable, "-m", "pytest", *colour, *args], env, self.project.root)
        if code:
            raise AlreadyReportedError(returncode=code)
