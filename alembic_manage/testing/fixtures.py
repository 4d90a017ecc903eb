"""The fixtures: `migrated_database`, `migrated_databases`, `db` and `db_session`.

Nothing here imports SQLAlchemy, or the project, before a test asks for one of them.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from alembic_manage.errors import CommandError
from alembic_manage.settings.alias import DEFAULT_ALIAS

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.orm import Session

    from alembic_manage.testing.migrated_database import MigratedDatabase
    from alembic_manage.testing.project_for_tests import ProjectForTests


class MigratedDatabases:
    """The test databases, by alias: `migrated_databases["reports"]`.

    Args:
        project: whose databases they are.
    """

    def __init__(self, project: ProjectForTests) -> None:
        self._project = project

    def __getitem__(self, alias: str) -> MigratedDatabase:
        """The test database of an alias, clean."""
        with told():
            database = self._project.database(alias)
            database.clean()
        return database


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of the suite into what pytest prints without a traceback."""
    try:
        yield
    except CommandError as error:
        text = f"{error}\nHint: {error.hint}" if error.hint else str(error)
        # What it was made from would be printed before it.
        raise pytest.fail.Exception(text, pytrace=False) from None


@pytest.fixture(scope="session")
def migrated_databases(request: pytest.FixtureRequest) -> Iterator[MigratedDatabases]:
    """The test databases of DATABASES by alias, each made when it is first asked for.

    While it is there, `Project.load()` and `call_command` use the test databases too.
    """
    from alembic_manage.testing.plugin import project_of
    from alembic_manage.testing.project_for_tests import ProjectForTests

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    worker = os.environ.get("PYTEST_XDIST_WORKER") or "main"
    with told():
        keeps = bool(request.config.getoption("keepdb", default=False))
        project = ProjectForTests(project_of(request.config), run, worker, keeps=keeps)
        project.install()
    try:
        yield MigratedDatabases(project)
    finally:
        with told():
            project.close()


@pytest.fixture(scope="session")
def migrated_database(migrated_databases: MigratedDatabases) -> MigratedDatabase:
    """The test database of `default`, for the whole session: it is not cleaned between tests that only use this."""
    return migrated_databases[DEFAULT_ALIAS]


@pytest.fixture
def db(migrated_database: MigratedDatabase) -> Engine | AsyncEngine:
    """An engine on the test database, which is clean. The test may commit, run DDL and use several connections."""
    with told():
        migrated_database.clean()
    migrated_database.changing()
    return migrated_database.engine


@pytest.fixture
def db_session(migrated_database: MigratedDatabase) -> Iterator[Session]:
    """A session on the test database, which is clean. All of it is rolled back after the test, commits too."""
    with told(), migrated_database.session() as session:
        yield session
