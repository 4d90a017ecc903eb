"""Writes rows of the models' tables as a fixture."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.console import OutputWrapper, progress
from alembic_manage.errors import CommandError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Table

    from alembic_manage.data.dump import Dump
    from alembic_manage.data.target import WriterFor
    from alembic_manage.database import Database

FORMATS = ("json", "jsonl", "yaml", "csv")


class Command(BaseCommand):
    """`dumpdata [app[.table] ...]`."""

    help = "Write the rows of tables as a fixture for loaddata: all tables, those of apps, or those named."
    requires_system_checks = ("settings", "apps")
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags."""
        parser.add_argument("args", metavar="app[.table]", nargs="*", help="an app or a table; default: all")
        parser.add_argument("--format", choices=FORMATS, help="default: by the ending of --output, else json")
        parser.add_argument("--indent", type=int, metavar="N", help="indent by N spaces; default: one record per line")
        add_database_argument(parser)
        parser.add_argument(
            "-e", "--exclude", action="append", default=[], metavar="app[.table]", help="leave these out"
        )
        parser.add_argument(
            "--natural-foreign", action="store_true", help="write foreign keys as NATURAL_KEYS, from the settings"
        )
        parser.add_argument(
            "--natural-primary", action="store_true", help="leave out the primary keys of tables with NATURAL_KEYS"
        )
        parser.add_argument("-a", "--all", action="store_true", help="accepted as in Django; all rows are written")
        parser.add_argument("--pks", metavar="KEYS", help="only rows with these keys (1,2,3) of the one table named")
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="a file (also .gz, .bz2, .xz, .lzma); with csv also a folder"
        )

    def handle(self, *labels: str, **options: Any) -> None:
        """Read in one snapshot, and write row by row."""
        from alembic_manage.data.dump import Dump, DumpOptions
        from alembic_manage.data.layout import Layouts
        from alembic_manage.data.tables import ProjectTables

        tables = ProjectTables(self.project)
        chosen = tables.select(labels, options["exclude"])
        keys = self._keys(labels, chosen, options["pks"])
        database = self.project.database(options["database"])
        dump = Dump(
            Layouts(tables, database), DumpOptions(keys, options["natural_foreign"], options["natural_primary"])
        )
        target = self._target(chosen, options)
        counts = options["output"] is not None and options["verbosity"] > 0

        def write(connection: Connection) -> None:
            with database.dialect.snapshot(connection):
                _require_there(connection, chosen)
                with target as writer_for, self._progress(connection, dump, chosen, counts) as advance:
                    dump.write(connection, chosen, writer_for, advance)

        _run(database, write)

    def _keys(self, labels: Sequence[str], tables: Sequence[Table], pks: str | None) -> Sequence[str]:
        """The keys of --pks."""
        if pks is None:
            return ()
        if len(labels) != 1 or len(tables) != 1:
            raise UsageError("--pks goes with one table.", hint="python manage.py dumpdata app.table --pks 1,2")
        if len(tables[0].primary_key.columns) != 1:
            raise UsageError(
                f"--pks needs a primary key of one column; {tables[0].key} has {len(tables[0].primary_key.columns)}.",
                hint=f"python manage.py dumpdata {labels[0]}",
            )
        return [key.strip() for key in pks.split(",")]

    def _target(self, tables: Sequence[Table], options: dict[str, Any]) -> AbstractContextManager[WriterFor]:
        """Where the fixture goes."""
        from alembic_manage.data.fixture import format_of_file
        from alembic_manage.data.tables import ProjectTables
        from alembic_manage.data.target import file_target, folder_target, stream_target

        output = options["output"]
        format_ = options["format"] or format_of_file(output or "") or "json"
        if output is not None:
            is_folder = format_ == "csv" and (format_of_file(output) is None or Path(output).is_dir())
            if is_folder:
                labels = ProjectTables(self.project).label_of
                return folder_target(Path(output), format_, [labels[table.key] for table in tables])
        if format_ == "csv" and len(tables) != 1:
            raise UsageError(
                f"A CSV file holds one table, not {len(tables)}.",
                hint="python manage.py dumpdata --format csv -o FOLDER",
            )
        if output is not None:
            self._mention_name(tables[0], output, format_)
            return file_target(Path(output), format_, options["indent"])
        self.stdout.write_utf8()
        return stream_target(_Text(self.stdout), format_, options["indent"])

    def _mention_name(self, table: Table, output: str, format_: str) -> None:
        """Where a CSV file is not named after its table, nobody could tell whose rows they are."""
        from alembic_manage.data.fixture import Fixture
        from alembic_manage.data.tables import ProjectTables

        tables = ProjectTables(self.project)
        if format_ == "csv" and tables.find(Fixture(Path(output), format_, output).model) is not table:
            self.stderr.write(
                f"loaddata takes the table from the file's name: call it {tables.label_of[table.key]}.csv.",
                self.style.WARNING,
            )

    @contextmanager
    def _progress(self, connection: Connection, dump: Dump, tables: Sequence[Table], counts: bool) -> Iterator[Any]:
        if not counts or not self.stderr.isatty():
            yield lambda rows: None
            return
        with progress(self.stderr, "Writing", dump.count(connection, tables)) as advance:
            yield advance


def _run(database: Database, write: Callable[[Connection], None]) -> None:
    from sqlalchemy.exc import DBAPIError

    from alembic_manage.data.batch import reason_of
    from alembic_manage.data.quiet import without_warnings

    try:
        with without_warnings():
            database.run(write)
    except DBAPIError as error:
        raise CommandError(
            f"The rows cannot be read: {reason_of(error)}.", hint="python manage.py migrate --check"
        ) from error


class _Text:
    """Standard output as a stream that adds no ends of lines."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out

    def write(self, text: str) -> None:
        self._out.write(text, ending="")


def _require_there(connection: Connection, tables: Sequence[Table]) -> None:
    """Raise CommandError where the database has not all of the tables."""
    from sqlalchemy import inspect

    inspector = inspect(connection)
    missing = [table.key for table in tables if not inspector.has_table(table.name, schema=table.schema)]
    if missing:
        raise CommandError(f"The database has no table {missing[0]}.", hint="python manage.py migrate")
