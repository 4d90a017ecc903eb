"""Keeps what the revision files say, so that only those are read that have changed.

Why what comes from here is what the files say now:

1. A file counts as unchanged where its mark is: time of the last change, size and inode (`listing.py`). Every
   write sets the time of the last change, and no program can set it back: `touch -r` and `os.utime` set the
   time of modification, and with that the time of the last change to now. A file that is put in the place of
   another by renaming has another inode.
2. Clocks tick slowly (a kernel's every few milliseconds, a file system's every two seconds at worst): a file
   may change twice in one tick. So a mark counts only if it was old when the file was read; that of a younger
   one is not kept, as in git's index. The mark is taken before the file is read: a change in between makes a
   mark that differs. The clock is the file system's own where that runs behind, for the folder may lie on
   another machine.
3. Where a mark differs, the file is read, and known by the digest of its content: after `git checkout` or in a
   container nothing is parsed anew.
4. Of each file only what follows from its content alone is kept: its identifiers where they are plain values. A
   file that cannot be read, or must be run to be understood, is asked each time. What follows from all files
   together (heads, order) is kept only if all of them are of the first kind, and counts only if all marks are
   equal.
5. All of it belongs to one version of the suite, of Python (a syntax error in one is none in another), and one
   list of folders; a file with another's is none.

What stays: on a network file system a change by another machine is seen when this one's attributes expire; git's index
has the same limit.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import time
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path

from alembic_manage.cache_folder import CacheFile
from alembic_manage.history.listing import CHANGED, MARK_SIZE, Listing
from alembic_manage.version import VERSION

FORMAT = 2
_ENDING = ".graph"
_OLD_ENOUGH_NS = 2_000_000_000
_DIGEST_BYTES = 16

Identifiers = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str | None]
"""Id, down_revisions, depends_on, branch_labels, message and phase of a file."""


@dataclass(frozen=True)
class Shape:
    """What follows from all files of a sound history together."""

    heads: tuple[str, ...]
    """The ids, in order."""
    order: tuple[int, ...]
    """The files' numbers in the listing, in an order in which they can run."""


@dataclass
class Kept:
    """What was kept of a listing; the columns are as long as it."""

    names: str = ""
    marks: bytes = b""
    digests: bytes = b""
    files: Sequence[Identifiers | None] = ()
    shape: Shape | None = None

    def is_of(self, listing: Listing) -> bool:
        """Whether every file is there still, unchanged, and none is new."""
        marks = listing.marks
        return marks is not None and marks.tobytes() == self.marks and _joined(listing) == self.names

    def digest(self, index: int) -> bytes:
        """The digest of a file's content."""
        return self.digests[index * _DIGEST_BYTES : (index + 1) * _DIGEST_BYTES]

    @cached_property
    def by_mark(self) -> dict[tuple[str, bytes], int]:
        """The files that a mark is known of."""
        step = MARK_SIZE * array("q").itemsize
        marks = (self.marks[at : at + step] for at in range(0, len(self.marks), step))
        return {
            (name, mark): index for index, (name, mark) in enumerate(zip(self.names.split("\0"), marks, strict=False))
        }

    @cached_property
    def by_digest(self) -> dict[bytes, int]:
        """The files that can be known by their content."""
        return {self.digest(index): index for index, file in enumerate(self.files) if file is not None}


@dataclass
class Fresh:
    """What is to be kept of a listing, as it is read."""

    digests: list[bytes] = field(default_factory=list)
    files: list[Identifiers | None] = field(default_factory=list)


class GraphCache:
    """What is kept of the revision files in some folders.

    Args:
        root: the project's folder.
        folders: those of the revisions, in their order.
        recursive: whether folders below them count.
    """

    def __init__(self, root: Path, folders: Sequence[Path], *, recursive: bool) -> None:
        self._began_ns = time.time_ns()
        key = "\0".join([*map(str, folders), str(recursive), *_own()])
        name = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
        self._file = CacheFile(root, name, _ENDING)

    def load(self) -> Kept | None:
        """What is kept; None where nothing is, or what is there is damaged."""
        content = self._file.read()
        if content is None:
            return None
        try:
            # Faster than json by half, and keeps tuples; whole and our own by CacheFile's digest.
            names, marks, digests, files, shape = marshal.loads(content)
        except (ValueError, EOFError, TypeError):
            return None
        return Kept(names, marks, digests, files, Shape(*shape) if shape else None)

    def save(self, listing: Listing, fresh: Fresh, shape: Shape | None) -> None:
        """Keep what was read; where that is not possible, nothing is kept.

        Args:
            listing: the files, as they were before they were read.
            fresh: what they say.
            shape: what follows from all of them; None unless they are sound and all plain.
        """
        if listing.marks is None:
            return
        marks = listing.marks[:]
        clock_ns = self._file.clock_ns()
        if clock_ns is None:
            return
        behind_ns = max(0, time.time_ns() - clock_ns)
        youngest_ns = self._began_ns - behind_ns - _OLD_ENOUGH_NS
        for start in range(0, len(marks), MARK_SIZE):
            if marks[start + CHANGED] >= youngest_ns:
                marks[start : start + MARK_SIZE] = array("q", [0] * MARK_SIZE)
        values = (
            _joined(listing),
            marks.tobytes(),
            b"".join(fresh.digests),
            tuple(fresh.files),
            (shape.heads, shape.order) if shape else None,
        )
        self._file.write(marshal.dumps(values))


def digest_of(content: bytes) -> bytes:
    """By which a file's content is known."""
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def _joined(listing: Listing) -> str:
    return "\0".join(listing.paths)


def _own() -> Iterable[str]:
    """What reads the files: the suite, also where it is worked on without its version changing, and Python."""
    found = [os.stat(path) for path in sorted(map(str, Path(__file__).parent.glob("*.py")))]  # noqa: PTH116
    code = chain.from_iterable((each.st_mtime_ns, each.st_size) for each in found)
    return (str(FORMAT), VERSION, *map(str, code), sys.implementation.cache_tag or "", str(sys.hexversion))
