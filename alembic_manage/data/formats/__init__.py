"""The formats of fixtures: one file a format, with a `read` and a `Writer`; both work row by row."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any, Protocol

from alembic_manage.data.record import Record

if TYPE_CHECKING:
    from alembic_manage.data.layout import Layout

FORMATS = ("json", "jsonl", "yaml", "csv")
_EXTENSIONS = {"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "yaml": "yaml", "yml": "yaml", "csv": "csv"}


class Writer(Protocol):
    """Writes records to a stream of text."""

    def write(self, record: Record) -> None:
        """Write one record."""

    def close(self) -> None:
        """Write what ends the document; the stream stays open."""


class Format(Protocol):
    """A module of this folder."""

    read: Callable[[IO[str], str, str], Iterator[Record]]
    """The records of a stream; the other arguments are its name for messages, and the model that its name says."""
    writer: Callable[[IO[str], Layout | None, int | None], Writer]
    """Begins a document; the other arguments are the table, where there is one, and the spaces of an indent."""


def format_named(name: str) -> Format:
    """The module of a format.

    Raises:
        FixtureError: it needs a package that is not installed.
    """
    module: Any = importlib.import_module(f"{__name__}.{name}_format")
    return module  # type: ignore[no-any-return]


def format_of(extension: str) -> str | None:
    """The format that the end of a file's name stands for."""
    return _EXTENSIONS.get(extension.lower())
