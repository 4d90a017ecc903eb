"""HOOKS: functions that can be called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import SettingsError
from alembic_manage.hooks import named_hooks
from alembic_manage.project import Project

TAG = "hooks"
NEEDS_DATABASE = False
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Each path that leads to no function."""
    for hook, paths in project.settings.hooks.items():
        for path in paths:
            try:
                named_hooks({hook: [path]}, project.root)
            except SettingsError as error:
                yield Problem("hooks.E001", Level.ERROR, str(error), error.hint)
