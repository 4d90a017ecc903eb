"""A database that is a file, as Python opens it without SQLAlchemy: what importing that costs is more than a query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
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
    def read(self, queries: Mapping[str, str]) -> Mapping[str, list[tuple[Any, ...]]] | None:
        """The rows of each query whose table is there, all of one moment; None where something fails.

        Args:
            queries: each by the name of its table.
        """
