"""The settings: URLs that parse, and a migrations folder on which alembic.ini agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path
from alembic_manage.project import Project

TAG = "settings"
NEEDS_DATABASE = False
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Every problem of the settings that shows without importing models or connecting."""
    for alias in project.aliases:
        try:
            project.database(alias)
        except CommandError as error:
            yield Problem("settings.E001", Level.ERROR, str(error), error.hint)
    other = _script_location_of_ini(project)
    if project.settings.migrations_dir_is_set and other is not None and other != project.migrations_dir:
        yield Problem(
            "settings.W001",
            Level.WARNING,
            f"alembic.ini says the migrations are in {display_path(other, project.root)}, and MIGRATIONS_DIR says "
            f"{display_path(project.migrations_dir, project.root)}: the two tools run different histories.",
            "set script_location in alembic.ini to the folder of MIGRATIONS_DIR",
        )


def _script_location_of_ini(project: Project) -> Path | None:
    """The folder that alembic.ini names, or None where there is none, or it is named as a package."""
    path = project.alembic_ini
    if not path.is_file():
        return None
    from configparser import ConfigParser, Error

    parser = ConfigParser({"here": str(path.parent)})
    try:
        parser.read(path, encoding="utf-8")
        location = parser.get("alembic", "script_location", fallback="")
    except (Error, UnicodeDecodeError):
        return None
    return (project.root / location).resolve() if location and not {":", "{"} & set(location) else None
