"""Looks the project over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_json_argument
from alembic_manage.errors import SystemCheckError
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.checks import Problem

LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


class Command(BaseCommand):
    """`check [app ...]`."""

    help = "Look for problems in settings, apps, models, drivers and migrations."

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and --json."""
        parser.add_argument(
            "args", metavar="app", nargs="*", help="accepted as in Django; the whole project is checked"
        )
        parser.add_argument(
            "-t",
            "--tag",
            action="append",
            dest="tags",
            metavar="TAG",
            help="only checks with this tag; may be repeated",
        )
        parser.add_argument("--list-tags", action="store_true", help="list the tags, and stop")
        parser.add_argument("--deploy", action="store_true", help="also look for what is unfit for production")
        parser.add_argument(
            "--fail-level", choices=LEVELS, default="ERROR", help="exit 1 from this level on; default: ERROR"
        )
        parser.add_argument(
            "--database",
            action="append",
            dest="databases",
            metavar="ALIAS",
            help="also connect to this database; may be repeated",
        )
        add_json_argument(parser)

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Run the checks, report, fail at the level."""
        from alembic_manage.apps import app_with_label
        from alembic_manage.checks import Level, known_tags, run_checks

        if options["list_tags"]:
            self.stdout.write("\n".join(known_tags()))
            return
        for label in app_labels:
            app_with_label(self.project.apps, label)
        databases = options["databases"] or []
        for alias in databases:
            self.project.settings.database(alias)
        problems = run_checks(self.project, options["tags"], databases, deploy=options["deploy"])
        if options["json"]:
            self.stdout.write(json.dumps({"problems": [problem.as_json() for problem in problems]}, indent=2))
        else:
            self._report(problems)
        serious = [problem for problem in problems if problem.level >= Level[options["fail_level"]]]
        if serious:
            raise SystemCheckError(
                f"{counted(len(serious), 'problem')} of level {options['fail_level']} or above.",
                hint=f"begin with {serious[0].id}: {serious[0].hint or serious[0].message}",
            )

    def _report(self, problems: list[Problem]) -> None:
        from alembic_manage.checks import Level

        for level in sorted(Level, reverse=True):
            found = [problem for problem in problems if problem.level == level]
            if found:
                colour = self.style.ERROR if level >= Level.ERROR else self.style.WARNING
                self.stdout.write(f"{level.name.capitalize()}s:", colour)
                for problem in found:
                    self.stdout.write(f"?: ({problem.id}) {problem.message}")
                    if problem.hint:
                        self.stdout.write(f"\tHINT: {problem.hint}")
                self.stdout.write()
        count = counted(len(problems), "issue") if problems else "no issues"
        self.stdout.write(f"System check identified {count}.")
