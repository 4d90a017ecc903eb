"""A database that is asked without SQLAlchemy: what importing that costs is more than a query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL

FileState = tuple[int, ...]


class PlainDatabase(ABC):
    """One database."""

    @abstractmethod
    def is_what_opens(self, url: URL, options: Mapping[str, Any]) -> bool:
        """Whether an engine would open the same in the same way; SQLAlchemy is imported for the answer.

        Args:
            url: absolute.
            options: of the engine.
        """

    def state(self) -> FileState | None:
        """What differs after any transaction that changed it; None where only a question tells."""
        return None

    @abstractmethod
    def read(self, queries: Mapping[str, str]) -> Mapping[str, list[tuple[Any, ...]]] | None:
        """The rows of each query whose table is there, in the order of the queries; None where one fails.

        Args:
            queries: each by the name of its table.

        Raises:
            Exception: the driver's, where a server refuses the connection.
        """
