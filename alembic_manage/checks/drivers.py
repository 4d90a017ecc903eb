"""The drivers that the database URLs name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import ConnectionFailedError, SettingsError
from alembic_manage.project import Project

TAG = "drivers"
NEEDS_DATABASE = False
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """A driver that is not installed, or that SQLAlchemy does not know."""
    for alias in project.aliases:
        try:
            project.database(alias).require_driver()
        except ConnectionFailedError as error:
            yield Problem("drivers.E001", Level.ERROR, str(error), error.hint)
        except SettingsError:
            continue  # settings.E001 has said it
