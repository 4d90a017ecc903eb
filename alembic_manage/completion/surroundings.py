"""The project around a command line, as far as a shell that waits needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from alembic_manage.catalog import installed_apps
from alembic_manage.errors import CommandError

if TYPE_CHECKING:
    from alembic_manage.apps import App
    from alembic_manage.project import Project


class Surroundings:
    """Apps, and the project itself once somebody asks for more of it: names of commands need no settings.

    Args:
        settings_module: a dotted name; None for the environment's.
    """

    def __init__(self, settings_module: str | None = None) -> None:
        self._settings_module = settings_module

    @cached_property
    def apps(self) -> tuple[App, ...]:
        """The installed apps; none where there is no project, or its settings are broken just now."""
        try:
            return installed_apps(self._settings_module)
        except CommandError:
            return ()

    @cached_property
    def project(self) -> Project | None:
        """The project; None where there is none, or its settings are broken just now."""
        from alembic_manage.project import Project

        try:
            project = Project.load(self._settings_module)
            return project if project.apps is not None else None
        except CommandError:
            return None
