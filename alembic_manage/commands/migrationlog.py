"""Prints the ledger: what ran, when, for how long, and by whom."""

from __future__ import annotations

import json
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_json_argument


class Command(BaseCommand):
    """`migrationlog`."""

    help = "Show what ran on a database: each migration, up or down, with its time, its outcome and who ran it."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, of which database."""
        add_database_argument(parser)
        add_json_argument(parser)
        parser.add_argument(
            "-n", "--number", type=int, default=50, metavar="N", help="how many, the last ones; 0: all; default: 50"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the ledger and print it."""
        from alembic_manage.environment import Environment
        from alembic_manage.execution.ledger import Ledger
        from alembic_manage.reports import entry_line

        environment = Environment(self.project, options["database"])
        limit = options["number"] or None
        read = environment.read(lambda context, _: list(Ledger(context).entries(limit)))
        entries = [entry for ledger in read for entry in ledger]
        if options["json"]:
            document = {"database": options["database"], "entries": [entry.as_json() for entry in entries]}
            self.stdout.write(json.dumps(document, indent=2))
            return
        for entry in entries:
            self.stdout.write(entry_line(entry))
            if entry.error and options["verbosity"]:
                self.stdout.write(f"    {entry.error}", self.style.ERROR)
        if not entries and options["verbosity"]:
            self.stdout.write("  (nothing recorded)")
