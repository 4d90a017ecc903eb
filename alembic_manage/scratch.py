"""Databases for a moment: empty, of the configured kind, and gone afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import StaticPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from alembic_manage.alembic_api import mark_discarded
from alembic_manage.database import Database, OnConnection
from alembic_manage.engine_guard import Guard, instead_of_every_engine
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, ConnectionFailedError
from alembic_manage.project import Project
from alembic_manage.redaction import redact_text
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.unpooled import without_pool

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from alembic_manage.alembic_api import Work
    from alembic_manage.dialects import Dialect, ScratchSQL

T = TypeVar("T")
PREFIX = "alembic_manage_scratch_"
"""What the name of every scratch database begins with."""


class NoScratchError(CommandError):
    """No scratch database can be had: no rights, no server, or no way to make one on this kind of database."""


def with_scratch(environment: Environment, use: Callable[[ScratchEnvironment], T], dialect: Dialect | None = None) -> T:
    """What `use` returns, called with the same revisions and env.py on an empty scratch database.

    While it runs no connection of this process reaches any other database. The scratch database is dropped afterwards;
    one that an earlier process left behind is dropped before.

    Args:
        environment: whose kind of database is wanted; its own database is not touched.
        use: what to do.
        dialect: the kind of database, where it is another than the environment's.

    Raises:
        NoScratchError: none can be had.
        CommandError: what `use` raises.
    """
    rules = dialect or environment.database.dialect
    if rules.scratch_url is not None:
        settings = DatabaseSettings(_like(environment.database, rules, rules.scratch_url))
        # It is in its one connection, which all threads share: env.py may run migrations in another one.
        engine = create_engine(rules.scratch_url, poolclass=StaticPool)
        return instead(environment, settings, use, Confinement(rules, ()), engine)
    if rules.scratch_sql is None or rules is not environment.database.dialect:
        raise NoScratchError(
            f"There is no {rules.title} server to make a scratch database on.",
            hint=f"name one in DATABASES, or use the kind of '{environment.database.alias}'",
        )
    with _server(environment, rules.scratch_sql) as on_connection, _made(environment, on_connection) as (name, others):
        url = environment.database.url.set(database=name).render_as_string(hide_password=False)
        settings = DatabaseSettings(url, environment.database.options)
        return instead(environment, settings, use, Confinement(rules, others))


def on_server(environment: Environment, sql: ScratchSQL, work: Callable[[Connection], T]) -> T:
    """What `work` returns, called with a connection to the server on which each statement counts at once.

    Raises:
        NoScratchError: there is no connection.
    """
    with _server(environment, sql) as on_connection:
        return on_connection(work)


@contextmanager
def _server(environment: Environment, sql: ScratchSQL) -> Iterator[OnConnection]:
    """Calls functions with one connection to the server; with an asyncio driver it has a thread of its own."""
    database = environment.database
    options = {**database.options, "isolation_level": "AUTOCOMMIT"}
    other = database.url.set(database=sql.maintenance_database or "")
    failure: ConnectionFailedError | None = None
    with ExitStack() as stack:
        for url in (database.url, other):
            text = url.render_as_string(hide_password=False)
            server = Database(database.alias, DatabaseSettings(text, options), environment.project.root)
            stack.callback(server.dispose)
            try:
                on_connection = stack.enter_context(server.kept())
            except ConnectionFailedError as error:
                failure = failure or error
            else:
                yield on_connection
                return
    assert failure is not None
    raise NoScratchError(str(failure), hint=failure.hint) from failure


@contextmanager
def _made(environment: Environment, on_connection: OnConnection) -> Iterator[tuple[str, list[str]]]:
    """Own a name, make the database, drop it at the end; gives its name and those of all others."""
    sql = environment.database.dialect.scratch_sql
    assert sql is not None
    name = PREFIX + secrets.token_hex(6)
    try:
        on_connection(lambda connection: _make(connection, sql, name))
    except DBAPIError as error:
        said = environment.without_secrets(str(error.orig).splitlines()[0])
        raise NoScratchError(
            f"No scratch database could be made on the server of '{environment.database.alias}': {said}",
            hint="give the user the right to make databases, or: python manage.py COMMAND --against database",
        ) from error
    try:
        yield name, on_connection(lambda connection: _others(connection, sql, name))
    finally:
        on_connection(lambda connection: connection.exec_driver_sql(sql.drop.format(name=name)))


def _make(connection: Connection, sql: ScratchSQL, name: str) -> None:
    _drop_leftovers(connection, sql)
    connection.exec_driver_sql(sql.lock.format(name=name))
    like = connection.exec_driver_sql(sql.like).scalar() if sql.like else None
    connection.exec_driver_sql(sql.create.format(name=name) + (like or ""))


def _others(connection: Connection, sql: ScratchSQL, name: str) -> list[str]:
    rows = connection.exec_driver_sql(sql.databases).all() if sql.databases else ()
    return [row[0] for row in rows if row[0] != name]


def _drop_leftovers(connection: Connection, sql: ScratchSQL) -> None:
    """Drop the scratch databases of processes that are gone: the server has taken their locks back."""
    pattern = PREFIX.replace("_", r"\_")
    for (name,) in connection.exec_driver_sql(sql.find.format(name=pattern).replace("%", "%%")).all():
        if connection.exec_driver_sql(sql.lock.format(name=name)).scalar():
            connection.exec_driver_sql(sql.drop.format(name=name))


class ScratchEnvironment(Environment):
    """The environment of a scratch database, which can stand in for one database only."""

    guard: Guard
    """Gives the connections to it."""

    def online(self, work: Work) -> None:
        """As Environment's.

        Raises:
            NoScratchError: env.py has connected to several databases, which would wait for one another here.
        """

        def alone(context: Any, *arguments: Any) -> None:
            if self.guard.open_connections() > 1:
                raise NoScratchError(
                    "env.py connects to several databases at once, for which one scratch database cannot stand in.",
                    hint="python manage.py COMMAND --against history",
                )
            mark_discarded(context)
            work(context, *arguments)

        super().online(alone)


class Confinement:
    """Refuses statements on a scratch database that reach further than that database.

    Args:
        rules: the kind of database.
        others: the names of databases that a statement could reach by name.
        keeps_server: whether the server is left alone too: roles, other databases.
    """

    def __init__(self, rules: Dialect, others: Iterable[str], *, keeps_server: bool = True) -> None:
        self.outside = rules.outside if keeps_server else None
        names = "|".join(re.escape(name) for name in others if name.lower() != "information_schema")
        self.others = re.compile(rf"(?<![\w.`])(`?)({names})\1\s*\.", re.IGNORECASE) if names else None

    def check(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        """SQLAlchemy's before_cursor_execute.

        Raises:
            NoScratchError: the statement is not run.
        """
        self.require_inside(statement)

    def wrap(self, driver_connection: Any, record: Any) -> None:
        """SQLAlchemy's connect: cursors that code takes from the driver's connection are watched too."""
        cursor = driver_connection.cursor
        with contextlib.suppress(AttributeError):  # a driver in C, whose servers know no other database by name
            driver_connection.cursor = lambda *args, **options: WatchedCursor(cursor(*args, **options), self)

    def require_inside(self, statement: str) -> None:
        """Raise NoScratchError, where a statement reaches further."""
        found = (self.outside and self.outside.search(statement)) or (self.others and self.others.search(statement))
        if found:
            raise NoScratchError(
                f"A scratch database is no place for a statement that reaches beyond it: "
                f"{' '.join(redact_text(statement).split())[:80]}",
                hint="say what it does to the tables in state_upgrade(): docs/history-state.md",
            )


class WatchedCursor:
    """A driver's cursor that asks before it runs a statement.

    Args:
        cursor: the driver's.
        confinement: what it asks.
    """

    def __init__(self, cursor: Any, confinement: Confinement) -> None:
        self._cursor = cursor
        self._confinement = confinement

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Any:
        return iter(self._cursor)

    def __enter__(self) -> WatchedCursor:
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()

    def execute(self, statement: Any, *args: Any, **options: Any) -> Any:
        """Run a statement, unless it reaches further."""
        self._confinement.require_inside(str(statement))
        return self._cursor.execute(statement, *args, **options)

    def executemany(self, statement: Any, *args: Any, **options: Any) -> Any:
        """Run a statement several times, unless it reaches further."""
        self._confinement.require_inside(str(statement))
        return self._cursor.executemany(statement, *args, **options)


def instead(
    environment: Environment,
    settings: DatabaseSettings,
    use: Callable[[ScratchEnvironment], T],
    confinement: Confinement,
    engine: Engine | None = None,
) -> T:
    """What `use` returns, called with the same revisions and env.py on another database that may be changed at will.

    While it runs no connection of this process reaches any other database.

    Args:
        environment: the project's.
        settings: of the database that stands in for the environment's.
        use: what to do.
        confinement: watches the statements.
        engine: where all connections come from; None for that of `settings`.

    Raises:
        CommandError: what `use` raises.
    """
    alias, project = environment.database.alias, environment.project
    settings = dataclasses.replace(settings, server_version=project.settings.database(alias).server_version)
    if engine is None and environment.database.is_async:
        # A connection belongs to the event loop that made it, and each run of env.py has a loop of its own.
        settings = dataclasses.replace(settings, options=without_pool(settings.options))
    databases = {**project.settings.databases, alias: settings}
    scratch = ScratchEnvironment(Project(dataclasses.replace(project.settings, databases=databases)), alias)
    made: Any = engine or scratch.database.engine
    try:
        with instead_of_every_engine(getattr(made, "sync_engine", made)) as guard:
            guard.listen("before_cursor_execute", confinement.check)
            if confinement.others is not None:
                guard.listen("connect", confinement.wrap)
            scratch.guard = guard
            return use(scratch)
    finally:
        scratch.database.dispose()
        if engine is not None:
            engine.dispose()


def _like(own: Database, rules: Dialect, text: str) -> str:
    """A URL with an asyncio driver where the project's own has one, and one is installed: env.py may need it."""
    url = make_url(text)
    if own.names_asyncio:
        for driver in rules.drivers:
            other = url.set(drivername=f"{url.drivername}+{driver}")
            if other.get_dialect().is_async and find_spec(driver) is not None:
                return other.render_as_string(hide_password=False)
    return text
