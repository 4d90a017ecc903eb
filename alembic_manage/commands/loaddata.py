"""Loads fixtures."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.console import progress
from alembic_manage.options.protection import add_confirm_argument, require_confirmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_manage.data.fixture import Fixture
    from alembic_manage.data.load import Counts
    from alembic_manage.data.tables import ProjectTables

FORMATS = ("json", "jsonl", "yaml", "csv")


class Command(BaseCommand):
    """`loaddata fixture ...`."""

    help = "Load fixtures in one transaction. Rows whose primary key exists are updated, the others inserted."
    missing_args_message = "Name at least one fixture."
    requires_system_checks = ("settings", "apps")
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags, and --confirm."""
        parser.add_argument(
            "args",
            metavar="fixture",
            nargs="+",
            help="a file or a folder of CSV files: a path, or a name in APP/fixtures/ and FIXTURE_DIRS; - is standard "
            "input",
        )
        add_database_argument(parser)
        parser.add_argument("--app", metavar="LABEL", dest="app_label", help="look in the fixtures/ of this app only")
        parser.add_argument(
            "-i",
            "--ignorenonexistent",
            "--ignore-nonexistent",
            action="store_true",
            dest="ignore",
            help="skip tables and fields that do not exist",
        )
        parser.add_argument(
            "-e", "--exclude", action="append", default=[], metavar="app[.table]", help="leave these out"
        )
        parser.add_argument("--format", choices=FORMATS, help="the format of all fixtures; needed for standard input")
        add_confirm_argument(parser)

    def handle(self, *names: str, **options: Any) -> None:
        """Find the fixtures, then load them all or none."""
        from alembic_manage.data.layout import Layouts
        from alembic_manage.data.load import Load, LoadOptions
        from alembic_manage.data.tables import ProjectTables
        from alembic_manage.environment import Environment

        tables, database = ProjectTables(self.project), self.project.database(options["database"])
        asks = {"confirm": options["confirm"], "interactive": "-" not in names}
        require_confirmed(Environment(self.project, database.alias), shlex.join(["loaddata", *names]), asks)
        exclude = frozenset(table.key for table in _excluded(tables, options["exclude"]))
        with ExitStack() as stack:
            fixtures = [each for name in names for each in self._found(stack, name, options)]
            quiet = not options["verbosity"] or not self.stderr.isatty()
            advance = (lambda rows: None) if quiet else stack.enter_context(progress(self.stderr, "Loading", None))
            load = Load(database, Layouts(tables, database), LoadOptions(options["ignore"], exclude), advance)
            counts = load.run(fixtures, lambda fixture: self._say(fixture, options["verbosity"]))
        self._report(fixtures, counts, options["verbosity"])

    def _found(self, stack: ExitStack, name: str, options: dict[str, Any]) -> Sequence[Fixture]:
        """The fixtures that a word of the command line names."""
        from alembic_manage.apps import app_with_label
        from alembic_manage.data.fixture import STDIN, Finder, fixture_of_stdin

        if name == STDIN:
            stream = sys.stdin.buffer if sys.stdin is not None else BytesIO()
            return [stack.enter_context(fixture_of_stdin(stream, options["format"]))]
        label = options["app_label"]
        apps = [app_with_label(self.project.apps, label)] if label else list(self.project.apps)
        folders = () if label else self.project.settings.fixture_dirs
        finder = Finder(apps, folders, self.project.root, options["database"], options["format"])
        return finder.find(name)

    def _say(self, fixture: Fixture, verbosity: int) -> None:
        if verbosity > 1:
            self.stdout.write(f"Loading {fixture.format} fixture {fixture.shown}")

    def _report(self, fixtures: Sequence[Fixture], counts: Sequence[Counts], verbosity: int) -> None:
        for fixture, count in zip(fixtures, counts, strict=True):
            if not count.read:
                self.stderr.write(f"{fixture.shown} holds no records.", self.style.WARNING)
        if not verbosity:
            return
        read, loaded = sum(count.read for count in counts), sum(count.loaded for count in counts)
        of = "" if read == loaded else f" (of {read})"
        self.stdout.write(f"Installed {loaded} object(s){of} from {len(fixtures)} fixture(s)")


def _excluded(tables: ProjectTables, names: Sequence[str]) -> set[Any]:
    return set(tables.all) - set(tables.select((), names)) if names else set()
