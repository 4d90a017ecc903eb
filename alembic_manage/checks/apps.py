"""INSTALLED_APPS: packages that exist, with labels that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import SettingsError
from alembic_manage.project import Project

TAG = "apps"
NEEDS_DATABASE = False
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """An app that cannot be found, or none at all."""
    try:
        apps = project.apps
    except SettingsError as error:
        yield Problem("apps.E001", Level.ERROR, str(error), error.hint)
        return
    if not apps and not project.settings.metadata:
        yield Problem(
            "apps.W001",
            Level.WARNING,
            "INSTALLED_APPS is empty and METADATA is not set, so no models are found.",
            "python manage.py startapp NAME",
        )
