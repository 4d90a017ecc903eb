"""A database that is a file, as Python opens it without SQLAlchemy: what importing that costs is more than a query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

FileState = tuple[int, ...]


class PlainFile(ABC):
    """One file.

    Args:
        path: of it.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    @abstractmethod
    def state(self) -> FileState | None:
        """What differs after any transaction that changed the file; None where the file alone does not tell."""

    @abstractmethod
    def read(self, *queries: str) -> list[list[tuple[Any, ...]]] | None:
        """The rows of each query, all of one moment; None where one of them fails."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Whether there is such a table; False also where nobody can say."""
