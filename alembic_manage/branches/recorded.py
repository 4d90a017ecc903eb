"""Which databases record a revision: all of DATABASES are asked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.environment import Environment
from alembic_manage.errors import ConnectionFailedError
from alembic_manage.execution.ahead import explained
from alembic_manage.plan import applied_ids, require_known
from alembic_manage.project import Project


@dataclass(frozen=True)
class Recorded:
    """What the databases of a project record."""

    applied: Mapping[str, frozenset[str]]
    """The ids that are applied, by the alias of each database that could be asked."""

    def among(self, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Which of `ids` are applied, by alias; databases with none of them are left out."""
        found = {alias: tuple(id for id in ids if id in applied) for alias, applied in self.applied.items()}
        return {alias: names for alias, names in found.items() if names}


def read_recorded(project: Project, what: str, notify: Callable[[str], None]) -> Recorded:
    """What each database of DATABASES records.

    Args:
        project: whose databases are asked.
        what: what it is asked for, in the line about a database that cannot be: "Whether 0002_books is applied".
        notify: is told of each database that cannot be asked.

    Raises:
        RecordError: a database is at a migration that has no file: what it follows is not known then.
        EnvironmentFailedError: env.py raises.
    """
    applied: dict[str, frozenset[str]] = {}
    for alias in project.aliases:
        environment = Environment(project, alias)
        try:
            # What env.py prints is no part of the output.
            with contextlib.redirect_stdout(sys.stderr):
                applied[alias] = _applied(environment)
        except ConnectionFailedError as error:
            notify(f"{what} to '{alias}' is not known: {error}")
    return Recorded(applied)


def _applied(environment: Environment) -> frozenset[str]:
    database, history = environment.database, environment.history
    path = database.url.database
    if database.dialect.is_file and path and path != ":memory:" and not Path(path).exists():
        return frozenset()  # asking would make the file
    with explained(environment):
        return applied_ids(history, require_known(history, environment.recorded()))
