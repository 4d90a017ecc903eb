"""One configured database: its URL, its engine, and how to do something on a connection to it, async URL or not."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.errors import CommandError, ConnectionFailedError, SettingsError
from alembic_manage.event_loop import LoopThread, run_in_loop
from alembic_manage.settings.database_settings import DatabaseSettings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class OnConnection(Protocol):
    """Calls a function with a connection."""

    def __call__(self, work: Callable[[Connection], T], /) -> T:
        """What `work` returns."""


class Database:
    """A database by its alias.

    Args:
        alias: its key in DATABASES.
        settings: URL and options.
        root: the project's folder; the file of a relative SQLite URL lies below it.

    Raises:
        SettingsError: the URL cannot be parsed.
    """

    def __init__(self, alias: str, settings: DatabaseSettings, root: Path) -> None:
        self.alias = alias
        self.options: Mapping[str, Any] = settings.options
        parsed = parse_url(settings.url, alias)
        self.dialect: Dialect = dialect_named(parsed.get_backend_name())
        self.url: URL = self.dialect.resolve(parsed, root)
        version = settings.server_version
        self.server_version: tuple[int, ...] = (
            tuple(map(int, version.split("."))) if version else self.dialect.server_version
        )
        """The version that counts where the server is not asked."""

    @property
    def display(self) -> str:
        """The URL as it may be shown: without the password."""
        return mask(self.url)

    @property
    def is_async(self) -> bool:
        """Whether the URL names an asyncio driver.

        Raises:
            ConnectionFailedError: the driver is not installed, or SQLAlchemy knows none of this name.
        """
        self.require_driver()
        return self.names_asyncio

    @property
    def names_asyncio(self) -> bool:
        """As `is_async`, also of a driver that is not installed; false of one that SQLAlchemy does not know."""
        try:
            return bool(self.url.get_dialect().is_async)
        except NoSuchModuleError:
            return False

    @cached_property
    def engine(self) -> Engine | AsyncEngine:
        """The engine, made once: an AsyncEngine where the URL names an asyncio driver.

        Raises:
            ConnectionFailedError: the driver is not installed, or SQLAlchemy knows none of this name.
            SettingsError: OPTIONS has an argument that create_engine does not take.
        """
        make: Callable[..., Engine | AsyncEngine] = create_engine
        if self.is_async:
            from sqlalchemy.ext.asyncio import create_async_engine

            make = create_async_engine
        if self.options.get("echo"):
            _echo_to_stderr()
        try:
            return make(self.url, **self.options)
        except TypeError as error:
            raise SettingsError(
                f"OPTIONS of database '{self.alias}' do not suit create_engine: {str(error).splitlines()[0]}",
                hint="python manage.py diffsettings",
            ) from error

    def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, called with an open connection that is closed afterwards.

        With an asyncio driver `work` runs in an event loop of its own; it is an ordinary function all the same.

        Raises:
            ConnectionFailedError: there is no connection.
        """
        if not self.is_async:
            with self._connect(cast("Engine", self.engine)) as connection:
                return work(connection)
        return cast("T", run_in_loop(self._run_async, cast("AsyncEngine", self.engine), work))

    @contextmanager
    def kept(self) -> Iterator[OnConnection]:
        """One connection for several calls; gives a function that calls its argument with it, and returns the result.

        With an asyncio driver the connection lives in a thread of its own: between the calls, and for what runs then,
        there is no event loop.

        Raises:
            ConnectionFailedError: there is no connection.
        """
        if not self.is_async:
            with self._connect(cast("Engine", self.engine)) as connection:
                yield lambda work: work(connection)
            return
        with LoopThread() as loop:
            engine = cast("AsyncEngine", self.engine)
            kept = loop.run(self._connect_async, engine)
            try:
                yield lambda work: loop.run(kept.run_sync, work)
            finally:
                loop.run(kept.close)
                loop.run(engine.dispose)

    def dispose(self) -> None:
        """Close the pooled connections, if an engine was made."""
        engine = self.__dict__.get("engine")
        if engine is not None:
            getattr(engine, "sync_engine", engine).dispose(close=not self.is_async)

    def connection_error(self, error: BaseException) -> ConnectionFailedError:
        """The one line and the hint for a driver's `error` on connecting; the password is not in it."""
        cause = getattr(error, "orig", None) or error
        failure = self.dialect.connection_failure(cause)
        detail = hide_password(self.url, _first_line(cause))
        return ConnectionFailedError(
            f"Cannot connect to database '{self.alias}' ({self.display}): {failure.value}. {detail}",
            hint=self.dialect.failure_hint(failure, self.url)
            or "python manage.py diffsettings shows the URL that is used",
        )

    def _connect(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except Exception as error:
            raise self.connection_error(error) from error

    async def _run_async(self, engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
        # A pooled connection belongs to the event loop that made it, and each call has a loop of its own.
        connection = await self._connect_async(engine)
        try:
            return await connection.run_sync(work)
        finally:
            await connection.close()
            if not _is_in_memory(self.url):
                await engine.dispose()

    async def _connect_async(self, engine: AsyncEngine) -> AsyncConnection:
        try:
            return await engine.connect()
        except Exception as error:
            await engine.dispose()
            raise self.connection_error(error) from error

    def require_dialect(self) -> None:
        """Raise, unless SQLAlchemy knows the dialect that the URL names; its driver need not be installed.

        Raises:
            ConnectionFailedError: SQLAlchemy knows none of this name.
        """
        try:
            self.url.get_dialect()
        except NoSuchModuleError as error:
            raise ConnectionFailedError(
                f"SQLAlchemy knows no dialect or driver '{self.url.drivername}' (database '{self.alias}').",
                hint='DATABASE_URL="postgresql+psycopg://user:password@localhost/name"',
            ) from error

    def require_file(self) -> None:
        """Raise, where the database is a file that is not there: connecting would make an empty one.

        Raises:
            ConnectionFailedError: there is no such file.
        """
        name = self.url.database or ""
        is_file = self.dialect.is_file and not _is_in_memory(self.url) and not name.startswith("file:")
        if is_file and not Path(name).exists():
            raise ConnectionFailedError(
                f"There is no file {name} (database '{self.alias}').",
                hint="python manage.py diffsettings shows the URL that is used",
            )

    def require_driver(self) -> None:
        """Raise, unless the driver that the URL names can be imported.

        Raises:
            ConnectionFailedError: it is not installed, or SQLAlchemy knows none of this name.
        """
        self.require_dialect()
        try:
            self.url.get_dialect().import_dbapi()
        except ImportError as error:
            driver = self.url.get_dialect().driver
            raise ConnectionFailedError(
                f"The driver of database '{self.alias}' ({self.url.drivername}) is not installed: {error}.",
                hint=f"pip install '{self.dialect.drivers.get(driver, driver)}'",
            ) from error
        if self.url.get_dialect().is_async and find_spec("greenlet") is None:
            # SQLAlchemy 2.1 installs it only with its extra "asyncio".
            raise ConnectionFailedError(
                f"The asyncio driver of database '{self.alias}' needs the package greenlet, which is not installed.",
                hint="pip install 'alembic-manage[async]'",
            )


def _echo_to_stderr() -> None:
    """Send what `echo` prints to standard error; SQLAlchemy adds no handler where it finds one."""
    logger = logging.getLogger("sqlalchemy.engine.Engine")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logger.addHandler(handler)


def parse_url(text: str, alias: str) -> URL:
    """`text` as a SQLAlchemy URL.

    Raises:
        SettingsError: it is not one; the message has no password.
    """
    shown = f"The URL of database '{alias}' cannot be parsed: {mask_text(text)}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            shown, hint='DATABASE_URL="postgresql+psycopg://user:password@localhost:5432/name"'
        ) from error
    if url.host and "@" in f"{url.host}{url.database}":
        # SQLAlchemy ends the password at the first "@"; the rest of it would be shown as the host.
        raise SettingsError(shown, hint="in a user name or a password write @ as %40, / as %2F, : as %3A and % as %25")
    return url


def mask(url: URL) -> str:
    """`url` as text, without its password, wherever in the URL it stands."""
    secret = {name: "***" for name in url.query if re.search("passw|pwd|secret|token", name, re.IGNORECASE)}
    if url.database and "@" in url.database:
        # A slash too many: user and password have become part of the name.
        url = url.set(database=f"***{url.database[url.database.rindex('@') :]}")
    return url.update_query_dict(secret).render_as_string(hide_password=True)


def mask_text(text: str) -> str:
    """A URL that may be malformed, without what could be a password: what stands between a first ":" and the last "@",
    and where there is no "@", all after that ":".
    """
    text = re.sub(r"((?:passw|pwd|secret|token)[^=&]*=)[^&]*", r"\1***", text, flags=re.IGNORECASE)
    scheme = re.match(r"[\w+.-]*:?//|[\w+.-]*:/|[\w+.-]*:(?=[^@]*:)|", text)
    start = scheme.end() if scheme else 0
    user, colon, rest = text[start:].partition(":")
    if not colon:
        return text
    _, at, address = rest.rpartition("@")
    return f"{text[:start]}{user}:***{at}{address if at else ''}"


def hide_password(url: URL, text: str) -> str:
    """`text` without the password of `url`."""
    password = str(url.password) if url.password else ""
    # A short one would be seen by the holes that it leaves, and tells nothing where it stands as part of a word.
    if len(password) < SHORTEST_HIDDEN:
        return text
    for form in {password, quote(password, safe=""), quote(password), quote_plus(password)}:
        text = text.replace(form, "***")
    return text


SHORTEST_HIDDEN = 4


def _first_line(error: BaseException) -> str:
    if isinstance(error, CommandError):
        return str(error)
    message = error.args[1] if len(error.args) > 1 and isinstance(error.args[0], int) else error
    lines = [line.strip() for line in str(message).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _is_in_memory(url: URL) -> bool:
    if not dialect_named(url.get_backend_name()).is_file:
        return False
    return url.database in (None, "", ":memory:") or url.query.get("mode") == "memory"
