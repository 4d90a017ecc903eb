"""Comparisons that found nothing, kept in the folder of caches."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from alembic_manage.cache_folder import UNCHANGED, CacheFile
from alembic_manage.unchanged.digest import digest_of_file

_KEPT = 8


@dataclass(frozen=True)
class Unchanged:
    """A comparison that found nothing, by what it depended on."""

    folders: tuple[str, ...]
    """The version folders."""
    recursive: bool
    """Whether folders below them count."""
    revisions: str
    """The digest of the revision files."""
    files: Mapping[str, str]
    """The project's other files that the revisions read, by their paths in it, with the digest of each."""
    models: str
    """The digest of the fingerprints of the models."""

    def has_same_files(self, root: Path) -> bool:
        """Whether the files that the revisions read are what they were."""
        return all(digest_of_file(root / name) == found for name, found in self.files.items())


class Records:
    """The comparisons that are kept for one database in one state of everything around.

    Args:
        root: the project's folder.
        surroundings: their digest.
    """

    def __init__(self, root: Path, surroundings: str) -> None:
        self._file = CacheFile(root, surroundings, UNCHANGED)

    def read(self) -> list[Unchanged]:
        """Those that are kept, the latest first; none where the file is missing or damaged."""
        data = self._file.read()
        if data is None:
            return []
        try:
            # Behind a digest of its own: it is what `add` wrote.
            return [Unchanged(*each) for each in marshal.loads(data)]
        except (ValueError, EOFError, TypeError):
            return []

    def add(self, record: Unchanged) -> None:
        """Keep one more, where that is possible."""
        others = [each for each in self.read() if each != record]
        self._file.write(marshal.dumps([astuple(each) for each in [record, *others][:_KEPT]]))
