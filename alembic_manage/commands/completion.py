"""Completion for a shell."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser

SHELLS = ("bash", "zsh", "fish")


class Command(BaseCommand):
    """`completion bash|zsh|fish`."""

    help = "Print a shell script with which Tab completes commands, options, migrations, databases and apps."

    def add_arguments(self, parser: CommandParser) -> None:
        """The shell; and what the shell then asks."""
        parser.add_argument(
            "shell", choices=SHELLS, help="for which shell; docs/completion.md says where to put the script"
        )
        parser.add_argument("--words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)

    def parse(self, parser: CommandParser, argv: Sequence[str]) -> argparse.Namespace:
        """As always, but all that follows --words is words: also a `--`, which argparse would let end the options."""
        asked = argv.index("--words") if "--words" in argv else len(argv)
        namespace = super().parse(parser, argv[:asked])
        if asked < len(argv):
            namespace.words = list(argv[asked + 1 :])
        return namespace

    def handle(self, *args: str, **options: Any) -> None:
        """Print the script, or what can come after the words."""
        if options["words"] is None:
            from pathlib import Path

            folder = Path(__file__).resolve().parents[1] / "completion" / "scripts"
            self.stdout.write((folder / f"{options['shell']}.sh").read_text(encoding="utf-8"), ending="")
            return
        from alembic_manage.completion.candidates import candidates, settings_named
        from alembic_manage.completion.surroundings import Surroundings

        around = Surroundings(settings_named(options["words"]) or self.settings_module)
        for candidate in candidates(options["words"], around):
            self.stdout.write(candidate.line)
