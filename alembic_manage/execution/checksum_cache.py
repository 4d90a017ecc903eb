"""Keeps the checksums of revision files, so that only those are read that have changed."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from alembic_manage.cache_folder import CacheFile
from alembic_manage.execution.checksum import checksum_of_source

FORMAT = 1
_ENDING = ".checksums"
_OLD_ENOUGH_NS = 2_000_000_000

_Mark = tuple[int, int, int]
"""Time of the last change, size and inode: why it tells of every change stands in history/cache.py."""
_UNMARKED: _Mark = (0, 0, 0)
_Known = tuple[_Mark, bytes, str | None]
"""Mark, digest of the content, checksum."""


class ChecksumCache:
    """The checksums of a project's revision files.

    A file is taken to be what it was where its mark is; else it is read, and parsed only where its content is new. What
    is kept may be missing, damaged or read-only: then every file is read.

    Args:
        root: the project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._file = CacheFile(root, f"{FORMAT}-{sys.implementation.cache_tag}-{sys.hexversion:x}", _ENDING)

    def of(self, paths: Iterable[Path]) -> Mapping[str, str | None]:
        """The checksum of each file, by its path; None for one that cannot be read as Python."""
        began_ns = time.time_ns()
        kept = self._load()
        by_digest = {digest: checksum for _, digest, checksum in kept.values()}
        fresh: dict[str, _Known] = {}
        for path in paths:
            name = str(path)
            mark = _mark(name)
            known = kept.get(name)
            if known is None or mark is None or known[0] != mark:
                known = _read(path, mark, by_digest)
            fresh[name] = known
        if fresh != kept:
            self._save(fresh, began_ns)
        return {name: checksum for name, (_, _, checksum) in fresh.items()}

    def _load(self) -> dict[str, _Known]:
        content = self._file.read()
        try:
            # Whole and our own, by CacheFile's digest.
            found: dict[str, _Known] = marshal.loads(content) if content is not None else {}
        except (ValueError, EOFError, TypeError):
            return {}
        return found

    def _save(self, fresh: Mapping[str, _Known], began_ns: int) -> None:
        clock_ns = self._file.clock_ns()
        if clock_ns is None:
            return
        youngest_ns = began_ns - max(0, time.time_ns() - clock_ns) - _OLD_ENOUGH_NS
        # A file may change twice in one tick of a clock: the mark of one that is as young as that tells nothing.
        sure = {
            name: (mark if mark[0] < youngest_ns else _UNMARKED, digest, checksum)
            for name, (mark, digest, checksum) in fresh.items()
            if digest
        }
        self._file.write(marshal.dumps(sure))


def _mark(name: str) -> _Mark | None:
    # On Windows the time of the last change is not to be had.
    if os.name == "nt":
        return None
    try:
        found = os.stat(name)  # noqa: PTH116 - a Path would be the dearest part of it
    except OSError:
        return None
    return found.st_ctime_ns, found.st_size, found.st_ino


def _read(path: Path, mark: _Mark | None, by_digest: Mapping[bytes, str | None]) -> _Known:
    """Read a file, of which the mark was taken before."""
    try:
        content = path.read_bytes()
    except OSError:
        return _UNMARKED, b"", None
    digest = hashlib.blake2b(content, digest_size=16).digest()
    checksum = by_digest[digest] if digest in by_digest else _checksum(content)
    return mark or _UNMARKED, digest, checksum


def _checksum(content: bytes) -> str | None:
    try:
        # With the ends of lines as a text file has them, for so the ledger's checksum was made.
        return checksum_of_source(content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
    except (SyntaxError, ValueError):
        return None
