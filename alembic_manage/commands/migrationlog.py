"""Prints the ledger: what ran, when, for how long, and by whom."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_json_argument

if TYPE_CHECKING:
    from alembic_manage.execution.ledger import Entry


class Command(BaseCommand):
    """`migrationlog`."""

    help = "Show what ran on a database: each migration, up or down, with its time, its outcome and who ran it."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, of which database."""
        add_database_argument(parser)
        add_json_argument(parser)
        parser.add_argument(
            "-n", "--number", type=_count, default=50, metavar="N", help="only the last N; 0: all; default: 50"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the ledger and print it."""
        from alembic_manage.environment import Environment
        from alembic_manage.execution.ledger import Ledger

        environment = Environment(self.project, options["database"])
        # One more tells whether there are more.
        limit = options["number"] + 1 if options["number"] else None
        read = environment.read(lambda context, _: list(Ledger(context).entries(limit)))
        has_more = any(limit is not None and len(ledger) == limit for ledger in read)
        entries = [entry for ledger in read for entry in ledger[1 if len(ledger) == limit else 0 :]]
        if options["json"]:
            document = {"database": options["database"], "entries": [entry.as_json() for entry in entries]}
            self.stdout.write(json.dumps(document, indent=2))
            return
        self._write(entries)
        if not options["verbosity"]:
            return
        if not entries:
            self.stdout.write("  (nothing recorded)")
        if has_more:
            database = "" if options["database"] == "default" else f" --database {options['database']}"
            self.stdout.write(f"Before these there are more: python manage.py migrationlog -n 0{database}")

    def _write(self, entries: list[Entry]) -> None:
        from alembic_manage.reports.ledger_report import log_lines

        width = get_terminal_size().columns if self.stdout.isatty() else None
        for line in log_lines(entries, self.style, width):
            self.stdout.write(line)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is no whole number")
    return int(text)
