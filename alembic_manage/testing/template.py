"""The test database: migrated once, by whichever worker comes first, and then only copied."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from alembic_manage.environment import Environment
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.scratch_run import execute, migrated
from alembic_manage.plan import HEADS, make_plan
from alembic_manage.scratch import Confinement, ScratchEnvironment, instead
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.mark import Mark, read_mark, write_mark
from alembic_manage.testing.occupancy import Occupancy
from alembic_manage.testing.stores import store_for
from alembic_manage.unpooled import without_pool


class Template:
    """The test database beside a database of the project, and the copy of this worker.

    Args:
        environment: of the project's database.
        run: the test run; its workers share the test database.
        worker: this process's name in the run.
        keeps: whether the test database stays for the next run, and whether an earlier run's may be used.
    """

    def __init__(self, environment: Environment, run: str, worker: str, *, keeps: bool) -> None:
        self.environment, self.run, self.keeps = environment, run, keeps
        self.store = store_for(environment)
        self._refuse_own()
        self.copy_name = self.store.copy_name(worker)
        self.occupancy = Occupancy(self.store.url(self.store.name), run, worker)

    def open(self) -> None:
        """Make the copy of this worker; the test database before that, where nobody has.

        Raises:
            TestDatabaseError: the test database is in use by another run, or was not made by us.
            RevisionFailedError: a revision raised.
        """
        with self.occupancy.turn():
            self.occupancy.enter()
            try:
                mark = self._mark(self.store.name)
                if mark is None or mark.run != self.run:
                    self._drop_leftovers()
                    self._prepare(mark)
                self.store.copy(self.copy_name)
            except BaseException:
                self.occupancy.leave()
                raise

    def restore(self) -> None:
        """Bring the copy back to what the test database is.

        Raises:
            TestDatabaseError: a test has left a transaction open.
        """
        self.store.restore(self.copy_name)

    def close(self) -> None:
        """Drop the copy; the last worker drops the test database too, unless it is kept."""
        with self.occupancy.turn():
            self.store.drop(self.copy_name)
            if self.occupancy.leave() and not self.keeps:
                self.store.drop(self.store.name)

    def _prepare(self, mark: Mark | None) -> None:
        """The test database at the heads: an earlier one where that is as good as a new one."""
        name = self.store.name
        goes_on = mark is not None and self.keeps and mark.may_go_on(self.files, self._revisions)
        if not goes_on:
            self.store.drop(name)
            self.store.make(name)
        if mark is None or not goes_on or self._revisions - set(mark.files):
            # Without a run until it is done: what is killed here is not taken for a migrated database.
            self.store.inside(name, lambda connection: write_mark(connection, Mark()))
            try:
                self._migrate(from_nothing=not goes_on)
            except BaseException:
                self.store.drop(name)
                raise
        self.store.inside(name, lambda connection: write_mark(connection, Mark(self.run, self.files)))

    def _migrate(self, *, from_nothing: bool) -> None:
        history = self.environment.history.require_sound()

        def migrate(other: ScratchEnvironment) -> None:
            recorded = frozenset() if from_nothing else other.recorded()
            plan = make_plan(history, recorded, HEADS)
            if from_nothing:
                migrated(other, plan)
            else:
                execute(other, plan, Silent())

        url = self.store.url(self.store.name).render_as_string(hide_password=False)
        settings = DatabaseSettings(url, self.environment.database.options)
        dialect = self.environment.database.dialect
        own = [
            self.environment.project.database(alias).url.database or "" for alias in self.environment.project.aliases
        ]
        confinement = Confinement(dialect, own if dialect.schemas_are_databases else (), keeps_server=False)
        instead(self.environment, settings, migrate, confinement)

    def _drop_leftovers(self) -> None:
        """Copies of runs that were killed."""
        for name in self.store.copies():
            if self._mark(name) is not None:
                self.store.drop(name)

    def _mark(self, name: str) -> Mark | None:
        """The mark of a database; None where there is no such database.

        Raises:
            TestDatabaseError: there is one, and it was not made by us.
        """
        if not self.store.exists(name):
            return None
        mark = self.store.inside(name, read_mark)
        if mark is None:
            raise TestDatabaseError(
                f"The database '{name}' is not touched: it was not made for tests by alembic-manage.",
                hint='drop it if nobody needs it, or name another one in DATABASES: "TEST": {"NAME": "test_shop_2"}',
            )
        return mark

    def _refuse_own(self) -> None:
        project = self.environment.project
        url = self.store.url(self.store.name)
        for alias in project.aliases:
            own = project.database(alias).url
            if (own.host, own.port, own.database) == (url.host, url.port, url.database):
                raise TestDatabaseError(
                    f"The test database of '{self.environment.database.alias}' would be the database of '{alias}'.",
                    hint='another name for it, in DATABASES: "TEST": {"NAME": "test_shop"}',
                )

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The checksums of everything that migrating depends on, as far as it lies in the folder of env.py."""
        root = self.environment.project.root
        paths = {*self.environment.project.migrations_dir.glob("*.py"), *self._paths()}
        return {_relative(path, root): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    @cached_property
    def _revisions(self) -> frozenset[str]:
        return frozenset(_relative(path, self.environment.project.root) for path in self._paths())

    def _paths(self) -> Iterator[Path]:
        return (revision.path for revision in self.environment.history)


def settings_of_copy(template: Template) -> DatabaseSettings:
    """The entry of DATABASES that has this worker's copy."""
    own = template.environment.project.settings.database(template.environment.database.alias)
    url = template.store.url(template.copy_name).render_as_string(hide_password=False)
    options = own.options
    if template.environment.database.is_async:
        # A connection belongs to the event loop that made it, and tests have one each.
        options = without_pool(options)
    return dataclasses.replace(own, url=url, options=options, protected=False)


def _relative(path: Path, root: Path) -> str:
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return shown.as_posix()[-255:]
