"""Opens the database's own command-line client."""

from __future__ import annotations

from typing import Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument


class Command(BaseCommand):
    """`dbshell [-- parameters]`."""

    help = "Open the database's own client (psql, mariadb, sqlite3). What follows -- is handed to it."

    def add_arguments(self, parser: CommandParser) -> None:
        """--database, and what follows "--"."""
        add_database_argument(parser)
        parser.add_argument("parameters", nargs="*", help="arguments for the client: dbshell -- -c 'select 1'")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the client until the user leaves it."""
        from alembic_manage.shell.client import run_client

        run_client(self.project.database(options["database"]), options["parameters"])
