"""What is kept of an answer: the inputs, and where the database stood."""

from __future__ import annotations

import hashlib
import marshal
import sys
from array import array
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

from alembic_manage.cache_folder import CacheFile
from alembic_manage.dialects.plain_database import FileState
from alembic_manage.history.listing import Listing
from alembic_manage.standing.inputs import Inputs, Mark
from alembic_manage.standing.outlook import Outlook
from alembic_manage.version import VERSION

T = TypeVar("T")
_FORMAT = 5
_ENDING = ".standing"
_DIGEST_BYTES = 16


@dataclass(frozen=True)
class Record:
    """That a database had everything applied, and what was known of changes of the models."""

    inputs: Inputs
    version_folders: tuple[str, ...]
    """Where the revisions are."""
    recursive: bool
    """Whether folders below them count."""
    listing: str
    """The digest of the revision files and their marks."""
    head: str
    """What the version table has to hold."""
    dialect: str
    """SQLAlchemy's name of the kind of database."""
    comparisons: str | None
    """What was kept of comparisons, where none of them was of these models; None where the models have no changes."""
    driver: str | None
    """SQLAlchemy's name of the driver, where that can be asked without SQLAlchemy."""
    state: FileState | None
    """Of the database's file, when it was asked."""

    @property
    def outlook(self) -> Outlook:
        """What is known of the models."""
        return Outlook.UNCHANGED if self.comparisons is None else Outlook.NOT_COMPARED


class Records:
    """Where the record of one database of a project is kept.

    Args:
        root: the project's folder.
        settings_module: the dotted name of its settings.
        alias: of the database.
    """

    def __init__(self, root: Path, settings_module: str, alias: str) -> None:
        self._file = kept_file(root, settings_module, str(_FORMAT), alias, ending=_ENDING)

    def read(self) -> Record | None:
        """The record; None where there is none, or it is damaged."""
        return read_kept(self._file, lambda inputs, *others: Record(Inputs(*inputs), *others))

    def behind_ns(self) -> int | None:
        """How far the file system's clock is behind this machine's; None where nothing can be written."""
        return self._file.behind_ns()

    def keep(self, record: Record) -> None:
        """Keep a record in place of the one that is there, where that is possible."""
        self._file.write(marshal.dumps(astuple(record)))


def kept_file(root: Path, settings_module: str, *parts: str, ending: str) -> CacheFile:
    """Where something is kept that was found out about a project.

    Args:
        root: the project's folder.
        settings_module: the dotted name of its settings.
        parts: what else it is about.
        ending: of the file's name.
    """
    key = "\0".join((VERSION, sys.version, sys.prefix, str(root), settings_module, *parts))
    name = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
    return CacheFile(root, name, ending)


def read_kept(file: CacheFile, make: Callable[..., T]) -> T | None:
    """What `make` makes of the values that a file holds; None where there are none, or they are of another kind.

    Args:
        file: with the values of a dataclass, marshalled.
        make: the dataclass, or what builds it.
    """
    content = file.read()
    if content is None:
        return None
    try:
        return make(*marshal.loads(content))
    except (ValueError, EOFError, TypeError):
        return None


def digest_of(listing: Listing) -> str | None:
    """By which a listing is known, with the marks of its files; None where it has none."""
    if listing.marks is None or listing.problems:
        return None
    found = hashlib.blake2b("\0".join(listing.paths).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES)
    found.update(listing.marks)
    return found.hexdigest()


def dated(listing: Listing) -> dict[str, Mark]:
    """The marks of the revision files, by path."""
    marks = listing.marks or array("q")
    step = len(marks) // len(listing.paths) if listing.paths else 1
    return {path: tuple(marks[at * step : (at + 1) * step]) for at, path in enumerate(listing.paths)}
