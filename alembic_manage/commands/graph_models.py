"""Draws the tables and the keys between them."""

from __future__ import annotations

import contextlib
import difflib
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.command import BaseCommand, CommandParser, add_database_argument
from alembic_manage.errors import CommandError, UnknownAppError, UsageError

if TYPE_CHECKING:
    from alembic_manage.diagram.diagram import Diagram

FORMATS = ("mermaid", "dot", "svg", "html")
_ENDINGS = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg", ".html": "html"}
_PICTURES = (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp")
"""Endings of files that Graphviz makes of our DOT; text under such a name would be a broken picture."""


class Command(BaseCommand):
    """`graph_models [table ...]`."""

    help = "Draw the tables and the foreign keys between them: of the models, of a migration, or of the database."
    requires_system_checks = ("settings", "apps")

    def add_arguments(self, parser: CommandParser) -> None:
        """Which tables, from where, and how."""
        parser.add_argument(
            "tables", nargs="*", metavar="table", help="only these tables; * is a wildcard; default: all"
        )
        parser.add_argument("--app", action="append", default=[], metavar="LABEL", help="only the tables of this app")
        parser.add_argument(
            "--exclude",
            action="append",
            default=[],
            metavar="TABLE",
            help="leave out this table; * is a wildcard",
        )
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--at", metavar="REVISION", help="draw the tables as of this migration")
        source.add_argument("--from-database", action="store_true", help="draw the tables of the database")
        add_database_argument(parser)
        parser.add_argument("--format", choices=FORMATS, help="default: by the name of the file, else mermaid")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to this file instead of printing")

    def handle(self, **options: Any) -> None:
        """Find the tables, then draw them."""
        path: Path | None = options["output"]
        form = _format(options["format"], path)
        with contextlib.redirect_stdout(sys.stderr):  # env.py and models may print
            diagram = self._chosen(self._whole(options), options)
        text = _writer(form)(diagram)
        if path is None:
            self.stdout.write_utf8()
            self.stdout.write(text)
        else:
            self._write(path, text, diagram)

    def _whole(self, options: dict[str, Any]) -> Diagram:
        from alembic_manage.diagram.from_metadata import diagram_of
        from alembic_manage.environment import Environment
        from alembic_manage.sources.drawn import at_revision, in_database

        database = self.project.database(options["database"])
        dialect, title = database.url.get_dialect()(), self.project.title
        if options["from_database"]:
            found = in_database(Environment(self.project, database.alias))
            return diagram_of([found], dialect, f"{title}: database {database.alias}")
        if options["at"]:
            name, metadata = at_revision(Environment(self.project, database.alias), options["at"])
            return diagram_of([metadata], dialect, f"{title} at {name}")
        return diagram_of(self.project.require_metadata(), dialect, f"{title}: models")

    def _chosen(self, diagram: Diagram, options: dict[str, Any]) -> Diagram:
        names = [table.name for table in diagram.tables]
        wanted = set(_matching(names, options["tables"])) if options["tables"] else set(names)
        if options["app"]:
            wanted &= self._tables_of(options["app"])
        wanted -= set(_matching(names, options["exclude"]))
        if not wanted:
            raise CommandError("There is no table to draw.", hint="python manage.py graph_models")
        return diagram.only(wanted)

    def _tables_of(self, labels: Sequence[str]) -> set[str]:
        from alembic_manage.metadata import tables_of

        apps = {app.label: app for app in self.project.apps}
        for label in labels:
            if label not in apps:
                raise UnknownAppError(f"There is no app '{label}'.", hint=f"--app {' or '.join(apps) or 'LABEL'}")
        return {name for label in labels for name in tables_of(apps[label], self.project.root)}

    def _write(self, path: Path, text: str, diagram: Diagram) -> None:
        from alembic_manage.atomic_file import write_atomically

        try:
            write_atomically(path, text)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", hint=f"ls -ld {path.parent}") from error
        self.stderr.write(f"Wrote {path}: {diagram.description}.")


def _format(said: str | None, path: Path | None) -> str:
    ending = path.suffix.lower() if path else ""
    if said is None and ending in _PICTURES:
        dot = f"dot -T{ending[1:]} > {shlex.quote(str(path))}"
        raise UsageError(
            f"graph_models makes no {ending} file; Graphviz makes it.",
            hint=f"python manage.py graph_models --format dot | {dot}; or -o models.svg",
        )
    return said or _ENDINGS.get(ending, FORMATS[0])


def _writer(name: str) -> Callable[[Diagram], str]:
    import importlib

    module = importlib.import_module(f"alembic_manage.diagram.{name}")
    write: Callable[[Diagram], str] = getattr(module, name)
    return write


def _matching(names: Collection[str], patterns: Sequence[str]) -> list[str]:
    """The names that fit any of the patterns, each of which must fit one.

    Raises:
        UsageError: a pattern fits none.
    """
    found: list[str] = []
    for pattern in patterns:
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            close = difflib.get_close_matches(pattern, names, n=1)
            raise UsageError(
                f"There is no table '{pattern}'.",
                hint=f"did you mean '{close[0]}'?" if close else "all of them: python manage.py graph_models",
            )
        found += fitting
    return found
