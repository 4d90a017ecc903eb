"""Alembic's environment of one database: its revision files, and running env.py online or offline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from alembic.script import ScriptDirectory
from alembic.util import CommandError as AlembicCommandError
from sqlalchemy.exc import DBAPIError

from alembic_manage import alembic_api
from alembic_manage.database import Database, hide_password
from alembic_manage.dialects import ConnectionFailure
from alembic_manage.engine_guard import instead_of_every_engine
from alembic_manage.env_context import env_context
from alembic_manage.errors import CommandError, EnvironmentFailedError
from alembic_manage.event_loop import outside_of_loops
from alembic_manage.history import GraphCache, History, read_history
from alembic_manage.location import display_path, is_ours, location_of, one_line, passes_through
from alembic_manage.project import Project
from alembic_manage.redaction import redact_text
from alembic_manage.unpooled import asyncio_unpooled

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script.revision import RevisionMap

T = TypeVar("T")
# Another process makes a few tables, each in an instant.
TABLE_TRIES = 10
TABLE_PAUSE_S = 0.2


class Environment:
    """What Alembic needs to work on one database of a project.

    Args:
        project: the project.
        alias: a database of it.
    """

    def __init__(self, project: Project, alias: str) -> None:
        self.project = project
        self.database: Database = project.database(alias)
        self._is_connected = False
        self._has_worked = False

    def with_history(self, history: History) -> Environment:
        """An environment of the same database that runs by `history` instead of the files on disk."""
        other = Environment(self.project, self.database.alias)
        other.history = history
        return other

    @cached_property
    def config(self) -> Config:
        """Alembic's configuration."""
        with self.translated():
            return alembic_api.make_config(self.project, self.database.alias)

    @cached_property
    def script(self) -> ScriptDirectory:
        """Alembic's view of the folder with env.py; it answers from `history`.

        Raises:
            EnvironmentFailedError: the folder or its env.py is missing, or alembic.ini cannot be read.
        """
        with self.translated():
            script = self._script_without_history
        alembic_api.use_history(script, self.history)
        return script

    @cached_property
    def history(self) -> History:
        """The revisions on disk, with their problems.

        Raises:
            EnvironmentFailedError: the folder or its env.py is missing, or alembic.ini cannot be read.
        """
        folders, recursive = self.version_folders
        cache = GraphCache(self.project.root, folders, recursive=recursive)
        return read_history(folders, recursive=recursive, cache=cache)

    @cached_property
    def version_folders(self) -> tuple[tuple[Path, ...], bool]:
        """The folders of the revisions, and whether those below them count.

        Raises:
            EnvironmentFailedError: the folder or its env.py is missing, or alembic.ini cannot be read.
        """
        with self.translated():
            script = self._script_without_history
            return alembic_api.version_folders(script), script.recursive_version_locations

    def online(self, work: alembic_api.Work) -> None:
        """Run env.py with a connection, and call `work` where it runs migrations.

        Once more where a table that is read was made by another process just then: before the lock is taken, many
        read what the first one makes.

        Raises:
            ConnectionFailedError: there is no connection.
            EnvironmentFailedError: env.py raises, or never runs migrations.
            CommandError: what `work` raises.
        """
        for tries_left in reversed(range(TABLE_TRIES)):
            try:
                if self.database.names_asyncio:
                    outside_of_loops(lambda: self._online_once(work))
                else:
                    self._online_once(work)
                return
            except EnvironmentFailedError as error:
                if not tries_left or self._has_worked or not self._is_table_changing(error):
                    raise
            time.sleep(TABLE_PAUSE_S)

    def _is_table_changing(self, error: EnvironmentFailedError) -> bool:
        cause = error.__cause__
        return isinstance(cause, DBAPIError) and self.database.dialect.is_table_changing(cause.orig or cause)

    def _online_once(self, work: alembic_api.Work) -> None:
        raised: list[BaseException] = []

        def kept(context: MigrationContext, heads: tuple[str, ...], arguments: Mapping[str, Any]) -> None:
            self._is_connected = True
            try:
                work(context, heads, arguments)
                self._has_worked = True
            except BaseException as error:
                raised.append(error)
                raise

        self._is_connected = self._has_worked = False
        with self.translated(), env_context(self.project, self.config), asyncio_unpooled():
            calls = alembic_api.run_online(self.config, self.script, kept)
            if raised:
                raise raised[0]  # env.py swallowed it, or it ended a thread of env.py's
        if not calls:
            raise EnvironmentFailedError(
                f"{self._env_py} never calls context.run_migrations().",
                hint="see what Alembic's own looks like: alembic init example",
            )

    def read(self, work: Callable[[MigrationContext, tuple[str, ...]], T]) -> list[T]:
        """What `work` returns for each time env.py runs migrations; nothing is written.

        Raises:
            ConnectionFailedError: there is no connection.
            EnvironmentFailedError: env.py raises, or never runs migrations.
        """
        results: list[T] = []
        self.online(lambda context, heads, _: results.append(work(context, heads)))
        return results

    def records(self) -> list[frozenset[str]]:
        """What the version table holds, for each time env.py runs migrations (once, but for a loop over tenants).

        Raises:
            ConnectionFailedError: there is no connection.
            EnvironmentFailedError: env.py raises, or never runs migrations.
        """
        return self.read(lambda _, heads: frozenset(heads))

    def recorded(self) -> frozenset[str]:
        """The ids in the version table, or in any of several; empty where there is no such table.

        Raises:
            ConnectionFailedError: there is no connection.
            EnvironmentFailedError: env.py raises, or never runs migrations.
        """
        return frozenset().union(*self.records())

    def without_secrets(self, text: str) -> str:
        """`text` of somebody else's as it may be shown: without passwords."""
        return redact_text(hide_password(self.database.url, text))

    def offline(
        self,
        start: Sequence[str],
        steps: Callable[[RevisionMap], Iterable[RevisionStep]],
        out: IO[str],
        dialect_name: str | None = None,
    ) -> None:
        """Run env.py without a connection, and write the SQL of `steps` to `out`.

        Raises:
            ConnectionFailedError: SQLAlchemy knows no such dialect as the database's URL names.
            EnvironmentFailedError: env.py raises.
        """
        self.database.require_dialect()
        context = env_context(self.project, self.config)
        with self.translated(), context, instead_of_every_engine(None):
            alembic_api.run_offline(
                self.config, self.script, start=start, steps=steps, out=out, dialect_name=dialect_name
            )

    @cached_property
    def _script_without_history(self) -> ScriptDirectory:
        folder = self.project.migrations_dir
        if self.project.settings.migrations_dir_is_set and not folder.is_dir():
            raise EnvironmentFailedError(
                f"There is no folder {self._display(folder)} (MIGRATIONS_DIR in {self.project.settings.module}).",
                hint=f"alembic init {self._display(folder)}",
            )
        script = ScriptDirectory.from_config(self.config)
        if self.project.settings.version_locations:
            alembic_api.use_version_folders(script, self.project.settings.version_locations)
        if not (Path(script.dir) / "env.py").is_file():
            raise EnvironmentFailedError(
                f"There is no env.py in {self._display(Path(script.dir))}.",
                hint=f"bring it back: git checkout -- {self._display(Path(script.dir) / 'env.py')}",
            )
        return script

    @property
    def folder(self) -> Path:
        """The folder of env.py.

        Raises:
            EnvironmentFailedError: it or its env.py is missing, or alembic.ini cannot be read.
        """
        with self.translated():
            return Path(self._script_without_history.dir).resolve()

    @property
    def _env_py(self) -> str:
        return self._display(Path(self._script_without_history.dir) / "env.py")

    def _display(self, path: Path) -> str:
        return display_path(path, self.project.root)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what env.py, Alembic and the driver raise into one line; errors of our own making stay what they are."""
        try:
            yield
        except CommandError:
            raise
        except AlembicCommandError as error:
            raise EnvironmentFailedError(
                self.without_secrets(f"Alembic: {error}"), hint="python manage.py check"
            ) from error
        except DBAPIError as error:
            failure = self.database.dialect.connection_failure(error.orig or error)
            if (error.statement is None and not self._is_connected) or failure is ConnectionFailure.FILE:
                raise self.database.connection_error(error) from error
            said = self.without_secrets(one_line(error.orig or error))
            raise EnvironmentFailedError(
                f"The database '{self.database.alias}' refused: {said}",
                hint=f"python manage.py check --database {self.database.alias}",
            ) from error
        except Exception as error:
            if is_ours(error):
                raise
            if isinstance(error, OSError) and not self._is_connected and passes_through(error, "sqlalchemy"):
                # A driver of asyncio tells so of a server that it cannot reach; SQLAlchemy lets it through.
                raise self.database.connection_error(error) from error
            place = location_of(error, self.project.root) or "env.py"
            raise EnvironmentFailedError(
                f"{place}: {self.without_secrets(one_line(error))}",
                hint="the whole traceback: add --traceback to the command",
            ) from error
