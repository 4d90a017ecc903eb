"""The project as tests see it: every alias of DATABASES leads to a test database."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from functools import cached_property

from alembic_manage.environment import Environment
from alembic_manage.project import Project
from alembic_manage.testing.migrated_database import MigratedDatabase
from alembic_manage.testing.template import Template, settings_of_copy


class ProjectForTests:
    """A project for the tests of one worker.

    Args:
        own: the project itself.
        run: the test run.
        worker: this process's name in the run.
        keeps: whether test databases stay for the next run.
    """

    def __init__(self, own: Project, run: str, worker: str, *, keeps: bool) -> None:
        self.own = own
        self._databases: dict[str, MigratedDatabase] = {}
        self._templates: Mapping[str, Template] = {
            alias: Template(Environment(own, alias), run, worker, keeps=keeps) for alias in own.aliases
        }

    @cached_property
    def project(self) -> Project:
        """The project, with the test databases in DATABASES."""
        databases = {alias: settings_of_copy(template) for alias, template in self._templates.items()}
        return Project(dataclasses.replace(self.own.settings, databases=databases))

    def install(self) -> None:
        """Let `Project.load()`, and with it `call_command`, find the test databases."""
        sys.modules[self.own.settings.module].__project__ = self.project  # type: ignore[attr-defined]

    def database(self, alias: str) -> MigratedDatabase:
        """The test database of an alias, made when it is first asked for.

        Raises:
            UnknownDatabaseError: DATABASES has no such alias.
            CommandError: it cannot be made or migrated.
        """
        if alias not in self._databases:
            self.own.settings.database(alias)
            self._templates[alias].open()
            self._databases[alias] = MigratedDatabase(self.project.database(alias), self._templates[alias])
        return self._databases[alias]

    def close(self) -> None:
        """Drop what was made, and give the project back its own databases."""
        sys.modules[self.own.settings.module].__project__ = self.own  # type: ignore[attr-defined]
        for alias, database in self._databases.items():
            database.dispose()
            self._templates[alias].close()
