"""What a place for test databases can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import URL

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")
COPY_INFIX = "_copy_"
"""Between the name of a test database and the worker whose copy it is."""


class Store(Protocol):
    """A server, or a folder, that databases are made in."""

    name: str
    """Of the test database: the one that is migrated, and then copied."""

    def url(self, name: str) -> URL:
        """Of the database called `name`."""

    def copy_name(self, worker: str) -> str:
        """What the copy of a worker is called."""

    def exists(self, name: str) -> bool:
        """Whether there is a database of this name, whoever made it."""

    def copies(self) -> Sequence[str]:
        """The names of copies that are there, of this run or an earlier one."""

    def make(self, name: str) -> None:
        """Make an empty database.

        Raises:
            TestDatabaseError: it cannot be made.
        """

    def drop(self, name: str) -> None:
        """Drop a database, if it is there, whoever is connected to it."""

    def inside(self, name: str, work: Callable[[Connection], T]) -> T:
        """What `work` returns, called with a connection to one of its databases.

        Raises:
            ConnectionFailedError: there is no connection; the database may be gone.
        """

    def copy(self, name: str) -> None:
        """Make `name` anew as a copy of the test database.

        Raises:
            TestDatabaseError: it cannot be made.
        """

    def restore(self, name: str) -> None:
        """Bring a copy back to what the test database is, after a test has changed it.

        Raises:
            TestDatabaseError: a test has left a transaction open.
        """
