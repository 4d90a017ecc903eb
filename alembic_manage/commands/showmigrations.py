"""Shows which migrations are applied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument, add_json_argument

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.execution.status import RevisionStatus


class Command(BaseCommand):
    """`showmigrations [app ...]`."""

    help = "List all migrations, and which of them are applied."

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, --graph and --json."""
        parser.add_argument("args", metavar="app", nargs="*", help="accepted as in Django; all apps share one history")
        add_database_argument(parser)
        formats = parser.add_mutually_exclusive_group()
        formats.add_argument(
            "-l",
            "--list",
            action="store_const",
            dest="format",
            const="list",
            help="by file (default): [X] applied, [ ] not applied, [~] stopped halfway, [!] applied and without a file",
        )
        formats.add_argument(
            "-p", "--plan", action="store_const", dest="format", const="plan", help="in the order in which they run"
        )
        formats.add_argument(
            "-g", "--graph", action="store_const", dest="format", const="graph", help="with the branches drawn"
        )
        add_json_argument(formats)  # type: ignore[arg-type]
        parser.set_defaults(format="list")

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Read history and record, print the one that is asked for."""
        from alembic_manage.apps import app_with_label
        from alembic_manage.environment import Environment
        from alembic_manage.execution.status import status_of
        from alembic_manage.standing.models import models_may_wait

        for label in app_labels:
            app_with_label(self.project.apps, label)
        environment = Environment(self.project, options["database"])
        environment.history.require_sound()
        verbose = options["verbosity"] > 1
        with models_may_wait(environment):
            statuses = status_of(environment, compares_files=verbose or options["json"])
        if options["json"]:
            self._write_json(environment.database.alias, statuses)
        elif options["format"] == "graph":
            self._write_graph(statuses)
        elif options["format"] == "plan":
            for status in statuses:
                self._write_status(status, f"{status.mark}  {status.id}", verbose=verbose)
        else:
            self._write_list(statuses, verbose)
        if not options["json"]:
            self._write_hint(environment, statuses)

    def _write_hint(self, environment: Environment, statuses: list[RevisionStatus]) -> None:
        """What to type where a migration stopped halfway, or is applied and has no file."""
        from alembic_manage.execution.ahead import way_back

        alias = environment.database.alias
        for status in statuses:
            if status.stopped is not None:
                command = status.stopped.go_on(environment.history, alias)
                self.stderr.write(f"Hint: to finish {status.id}, unless it is running: {command}", self.style.WARNING)
        missing = [status.missing for status in statuses if status.missing is not None]
        if missing:
            self.stderr.write(f"Hint: {way_back(missing, alias)}", self.style.WARNING)

    def _write_list(self, statuses: list[RevisionStatus], verbose: bool) -> None:
        self.stdout.write(self.project.title, self.style.MIGRATE_LABEL)
        for status in statuses:
            self._write_status(status, f" {status.mark} {status.id}", verbose=verbose)
        if not statuses:
            self.stdout.write(" (no migrations)", self.style.ERROR)

    def _write_status(self, status: RevisionStatus, text: str, *, verbose: bool) -> None:
        """One migration, and below it what the ledger says of it."""
        from alembic_manage.reports.ledger_report import entry_lines

        self.stdout.write(self._line(status, text, dependencies=verbose))
        if not verbose:
            return
        if status.changed:
            self.stdout.write("      its file does something else now than when it was applied", self.style.WARNING)
        for line in entry_lines(status.entry) if status.entry else ():
            self.stdout.write(f"      {line}")

    def _line(self, status: RevisionStatus, text: str, *, dependencies: bool) -> str:
        """One migration; dependencies, the message and what is wrong follow."""
        if status.missing is not None:
            return self.style.ERROR(f"{text} (no file here; {status.missing.how})")
        if self.project.settings.migration_ids == "hash":
            text = f"{text} {status.message}".rstrip()  # a hash says nothing
        if status.phase is not None:
            text += f" [{status.phase}]"
        if status.stopped is not None:
            return self.style.WARNING(f"{text} ({status.stopped.line})")
        if status.applied_at is not None:
            text += f" (applied at {status.applied_at:%Y-%m-%d %H:%M:%S})"
        if dependencies and status.parents:
            text += f" ... ({', '.join(status.parents)})"
        return text

    def _write_graph(self, statuses: list[RevisionStatus]) -> None:
        from alembic_manage.diagram.revision_graph import draw

        self.stdout.write(self.project.title, self.style.MIGRATE_LABEL)
        present = [status for status in statuses if not status.is_missing]
        for row in draw([(status.id, status.parents) for status in reversed(present)]):
            status = next((found for found in present if found.id == row.id), None)
            label = f" {status.mark} {status.id}{status.suffix}" if status else ""
            self.stdout.write(f" {row.art}{label}".rstrip())
        for status in statuses:
            if status.is_missing:
                self.stdout.write(self._line(status, f" {status.mark} {status.id}", dependencies=False))

    def _write_json(self, alias: str, statuses: list[RevisionStatus]) -> None:
        self.stdout.write(
            json.dumps({"database": alias, "migrations": [status.as_json() for status in statuses]}, indent=2)
        )
