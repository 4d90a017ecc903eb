"""Writes the folder of a new app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic_manage.command import BaseCommand, CommandParser


class Command(BaseCommand):
    """`startapp NAME [directory]`."""

    help = "Create an app: a package with models and a folder for commands."
    missing_args_message = "You must provide an application name."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, the folder, and --install."""
        parser.add_argument("name", help="the name of the app's package")
        parser.add_argument(
            "directory", nargs="?", type=Path, help="the package's own folder (apps/NAME); default: beside manage.py"
        )
        parser.add_argument("--install", action="store_true", help="add the app to INSTALLED_APPS in the settings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, write, and say what is left to do."""
        from alembic_manage.location import display_path
        from alembic_manage.scaffold.app import plan_app, write_app
        from alembic_manage.scaffold.installed_apps import write_installed_app

        app = plan_app(self.project, options["name"], options["directory"])
        write = write_installed_app if options["install"] else write_app
        write(self.project, app)
        if options["verbosity"]:
            path = display_path(app.path, self.project.root)
            self.stdout.write(f"Created app '{app.label}' in {path}/", self.style.SUCCESS)
            self._write_next_step(app.name, options["install"])

    def _write_next_step(self, name: str, install: bool) -> None:
        from alembic_manage.location import display_path
        from alembic_manage.scaffold.installed_apps import settings_file

        file = display_path(settings_file(self.project), self.project.root)
        if name not in self.project.settings.installed_apps:
            self.stdout.write(f'{"Added" if install else "Add"} "{name}" to INSTALLED_APPS in {file}.')
