"""Databases that are files."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, NullPool, create_engine

from alembic_manage.environment import Environment
from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.stores.databases import Databases
from alembic_manage.testing.stores.store import COPY_INFIX

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

_SIDE_FILES = ("-journal", "-wal", "-shm")
_BUSY = (5, 6)
"""SQLITE_BUSY and SQLITE_LOCKED. Source: SQLite documentation, "Result and Error Codes"."""
TRIES, PAUSE_S = 100, 0.05
DEFAULT_FILE = "test_db.sqlite3"
"""Where the project's own database is in memory."""


class FileStore:
    """The folder of an environment's database; names are paths.

    Args:
        environment: the project's own.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        database = environment.database
        said = environment.project.settings.database(database.alias).test_name
        own = Path(database.url.database or "")
        in_memory = own.name in ("", ":memory:") or str(own).startswith("file:")
        beside = environment.project.root / DEFAULT_FILE if in_memory else own.with_name(f"test_{own.name}")
        self.name = str(environment.project.root / said if said else beside)
        self._databases = Databases(environment, self.url)

    def url(self, name: str) -> URL:
        """As Store's."""
        return self.environment.database.url.set(database=name).difference_update_query(["mode", "uri", "cache"])

    def copy_name(self, worker: str) -> str:
        """As Store's."""
        path = Path(self.name)
        return str(path.with_name(f"{path.stem}{COPY_INFIX}{worker}{path.suffix}"))

    def exists(self, name: str) -> bool:
        """As Store's."""
        return Path(name).exists()

    def copies(self) -> Sequence[str]:
        """As Store's."""
        path = Path(self.name)
        prefix = f"{path.stem}{COPY_INFIX}"
        found = path.parent.iterdir() if path.parent.is_dir() else ()
        return [str(each) for each in found if each.name.startswith(prefix) and each.suffix == path.suffix]

    def make(self, name: str) -> None:
        """As Store's."""
        try:
            Path(name).touch(exist_ok=False)
        except OSError as error:
            raise TestDatabaseError(
                f"The test database {name} cannot be made: {error.strerror}.",
                hint='another place for it, in DATABASES: "TEST": {"NAME": "/tmp/test_shop.sqlite3"}',
            ) from error

    def drop(self, name: str) -> None:
        """As Store's."""
        for suffix in ("", *_SIDE_FILES):
            Path(f"{name}{suffix}").unlink(missing_ok=True)

    def inside(self, name: str, work: Callable[[Connection], T]) -> T:
        """As Store's."""
        return self._databases.inside(name, work)

    def copy(self, name: str) -> None:
        """As Store's."""
        self.drop(name)
        self.make(name)
        self.restore(name)

    def restore(self, name: str) -> None:
        """As Store's: SQLite's online backup, which other connections to the copy see. Source: SQLite documentation,
        "SQLite Backup API".
        """
        tries = count(1)

        def progress(status: int, *_: int) -> None:
            # The driver itself would try for ever.
            if status in _BUSY and next(tries) > TRIES:
                raise TestDatabaseError(
                    f"A test has left a transaction open on {Path(name).name}.",
                    hint="close what a test opens: with engine.connect() as connection: ...",
                )

        with self._driver(self.name) as source, self._driver(name) as target:
            target.execute("PRAGMA busy_timeout = 0")
            source.backup(target, progress=progress, sleep=PAUSE_S)

    @contextlib.contextmanager
    def _driver(self, name: str) -> Iterator[Any]:
        """A connection of Python's own driver, whatever the project's is."""
        engine = create_engine(
            URL.create(self.environment.database.dialect.names[0], database=name), poolclass=NullPool
        )
        with engine.connect() as connection:
            yield connection.connection.driver_connection
