"""Writes the folder of a new project."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser
from alembic_manage.errors import CommandError


class Command(BaseCommand):
    """`startproject NAME [directory]`; needs no settings, for there are none yet."""

    help = "Create a project: manage.py, settings, a first table, tests, and what Alembic needs."
    missing_args_message = "You must provide a project name."
    sigterm_interrupts = True

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, the folder, the database and the template."""
        from alembic_manage.scaffold.project_database import database_names

        names = database_names()
        parser.add_argument("name", help="the name of the project and of its package")
        parser.add_argument(
            "directory", nargs="?", type=Path, help="the folder of manage.py, '.' for this one; default: ./NAME"
        )
        parser.add_argument(
            "--database", choices=names, default=names[0], help=f"the database of its settings; default: {names[0]}"
        )
        parser.add_argument("--async", action="store_true", dest="asyncio", help="use an asyncio database driver")
        parser.add_argument("--template", metavar="PATH", help="use the files of this folder or archive (zip, tar)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, write, and say what to type next."""
        from alembic_manage.location import display_path
        from alembic_manage.scaffold.project import plan_project, project_files, write_project

        template = self._template(options["template"], options["name"])
        project = plan_project(options["name"], options["directory"], options["database"], options["asyncio"])
        files = project_files(project, template)
        write_project(project, files)
        if options["verbosity"] > 1:
            self.stdout.write("\n".join(sorted(file.path for file in files)))
        if options["verbosity"]:
            path = display_path(project.root)
            self.stdout.write(f"Created project '{project.name}' in {path}/", self.style.SUCCESS)
            self._write_next_steps(path, [] if template else project.first_commands())

    def _template(self, typed: str | None, name: str) -> Path | None:
        if typed is None:
            return None
        if "://" in typed:
            file = typed.rstrip("/").rpartition("/")[2]
            raise CommandError(
                f"{typed} is a URL; templates are read from this machine.",
                hint=f"curl -LO {shlex.quote(typed)} && python manage.py startproject {name} --template {file}",
            )
        return Path(typed).expanduser()

    def _write_next_steps(self, path: str, commands: list[str]) -> None:
        steps = [*([f"cd {shlex.quote(path)}"] if path != "." else []), *commands]
        if steps:
            self.stdout.write("\n".join(["", "Next:", *(f"    {step}" for step in steps)]))
