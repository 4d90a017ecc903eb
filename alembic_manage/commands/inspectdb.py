"""Writes models for the tables of a database."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.errors import CommandError, UsageError

KINDS = ("declarative", "dataclasses", "sqlmodel", "tables")


class Command(BaseCommand):
    """`inspectdb [table ...]`."""

    help = "Print models for the tables of an existing database, to put into an app's models.py."
    requires_system_checks = ("settings",)

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and what kind of models."""
        parser.add_argument(
            "tables",
            nargs="*",
            metavar="table",
            help="these tables or views, and those they refer to; default: all tables",
        )
        add_database_argument(parser)
        parser.add_argument("--schema", metavar="NAME", help="a schema of the database; default: its default schema")
        parser.add_argument(
            "--generator", choices=KINDS, default=KINDS[0], help="what kind of models; default: declarative"
        )
        parser.add_argument("--include-views", action="store_true", help="also views, which migrations do not create")
        parser.add_argument("--include-partitions", action="store_true", help="also the parts of partitioned tables")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to this file instead of printing")
        parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")

    def handle(self, **options: Any) -> None:
        """Look, then print or write."""
        from alembic_manage.environment import Environment
        from alembic_manage.inspection.choice import Choice
        from alembic_manage.inspection.module import models_of

        path: Path | None = options["output"]
        if path is not None and path.exists() and not options["overwrite"]:
            raise UsageError(
                f"{path} is there already.", hint=f"python manage.py inspectdb --output {path} --overwrite"
            )
        choice = Choice(
            tuple(options["tables"]), options["schema"], options["include_views"], options["include_partitions"]
        )
        environment = Environment(self.project, options["database"])
        environment.database.require_file()
        with contextlib.redirect_stdout(sys.stderr):  # env.py may print
            source = environment.read(lambda context, _: models_of(context, choice, options["generator"]))[0]
        if path is None:
            self.stdout.write_utf8()
            self.stdout.write(source)
        else:
            self._write(path, source)

    def _write(self, path: Path, source: str) -> None:
        from alembic_manage.atomic_file import write_atomically

        try:
            write_atomically(path, source)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", hint=f"ls -ld {path.parent}") from error
        self.stderr.write(f"Wrote {path}. Next: python manage.py makemigrations, then migrate --fake-initial")
