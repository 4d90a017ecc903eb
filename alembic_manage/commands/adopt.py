"""Takes over a project that has Alembic migrations already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_json_argument
from alembic_manage.errors import AlreadyReportedError

if TYPE_CHECKING:
    from alembic_manage.adoption.adoption import Adoption


LONGEST = 160
"""Of longer lines the report has the beginning; -v 2 shows all."""


class Command(BaseCommand):
    """`adopt [directory]`."""

    help = "Add manage.py and settings.py to a project that has Alembic migrations."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and what cannot be guessed."""
        parser.add_argument("directory", nargs="?", type=Path, default=Path(), help="the project; default: this folder")
        parser.add_argument(
            "--migrations", type=Path, metavar="FOLDER", help="the folder of env.py, if there are several"
        )
        parser.add_argument(
            "--app", default="", metavar="MODULE:NAME", help="the Flask application, or the function that makes it"
        )
        parser.add_argument("--dry-run", action="store_true", help="only print what would be written")
        parser.add_argument(
            "--accept-current",
            action="store_true",
            help="then run makemigrations --accept-current, which imports your models",
        )
        add_json_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, report, write."""
        from alembic_manage.adoption.adoption import adopted_by
        from alembic_manage.adoption.survey import Survey, choose_configuration

        self.options = options
        directory = options["directory"].resolve()
        configuration = choose_configuration(directory, options["migrations"])
        manage = adopted_by(configuration.root)
        if manage is not None:
            self._adopted_already(configuration.root, manage)
            return
        adoption = Survey(configuration, options["app"]).adoption()
        self._report(adoption)
        if not options["dry_run"]:
            adoption.write()
        if options["json"]:
            self._write_json(adoption.as_json(), adopted=False, written=not options["dry_run"])
        elif options["dry_run"]:
            self.stdout.write(f"\n{adoption.settings}.py would be:\n\n{adoption.text}")
        else:
            self._next(adoption)
        if options["accept_current"] and not options["dry_run"]:
            self._accept_current(adoption)

    def _adopted_already(self, root: Path, manage: str) -> None:
        self._say(f"Adopted already: python {manage} runs the commands. Nothing was changed.")
        if self.options["json"]:
            nothing: dict[str, object] = {
                "settings": None,
                "text": None,
                "found": [],
                "unsure": [],
                "tables_before": [],
            }
            self._write_json({"root": str(root), "manage": manage, **nothing}, adopted=True, written=False)

    def _write_json(self, found: Mapping[str, object], *, adopted: bool, written: bool) -> None:
        self.stdout.write(json.dumps({**found, "adopted": adopted, "written": written}, indent=2))

    def _report(self, adoption: Adoption) -> None:
        width = max(len(name) for name, _ in adoption.found) + 2
        self._say(self.style.MIGRATE_HEADING("Found:"))
        for name, value in adoption.found:
            shown = value if len(value) <= LONGEST or self.options["verbosity"] > 1 else f"{value[:LONGEST]}..."
            self._say(f"  {name:<{width}}{shown}")
        if adoption.unsure:
            self._say(self.style.WARNING("Look at:"))
        for line in adoption.unsure:
            self._say(f"  {line}")

    def _next(self, adoption: Adoption) -> None:
        python = f"python {adoption.manage}"
        self._say(self.style.SUCCESS(f"Written: {adoption.manage} and {adoption.settings}.py in {adoption.root}"))
        self._say("Try next:")
        for command in ("showmigrations", "migrate --plan", "makemigrations --check"):
            self._say(f"  {python} {command}")
        if adoption.tables_before:
            self._say(f"The tables from before the first migration: {python} historystate --write-baseline models")
        self._say(f"To live with the differences that there are now: {python} makemigrations --accept-current")

    def _accept_current(self, adoption: Adoption) -> None:
        import subprocess
        import sys

        arguments = [sys.executable, adoption.manage, "makemigrations", "--accept-current"]
        out = sys.stderr if self.options["json"] else None
        done = subprocess.run(arguments, cwd=adoption.root, check=False, stdout=out)
        if done.returncode:
            raise AlreadyReportedError(returncode=done.returncode)

    def _say(self, line: str) -> None:
        if self.options["verbosity"] and not self.options["json"]:
            self.stdout.write(line)
