"""The folder in which a project's caches lie; it may be missing, read-only, damaged or deleted at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path

FOLDER = ".alembic_manage_cache"
UNCHANGED, STATES = ".unchanged", ".state"
"""Endings of what is kept of comparisons of the models: those that found nothing, and what was compared with."""
_DIGEST_BYTES = 16
_KEPT = 20


class CacheFile:
    """One file of the folder: what was written, wholly, or nothing.

    The bytes are kept behind a digest of their own. So whoever reads them knows that they are what this suite wrote,
    to the last one: formats that trust their input, as marshal does, are safe behind it from damage. (They are no less
    safe from malice than the project itself: who can write here can write its code.)

    Args:
        root: the project's folder.
        name: of the file; all that the content depends on, and that is known beforehand, is best part of it.
        ending: of the file's name; of the files with one ending the newest 20 are kept.
    """

    def __init__(self, root: Path, name: str, ending: str) -> None:
        self.path = os.path.join(root, FOLDER, name + ending)  # noqa: PTH118 - a Path would be the dearest part of a look-up
        self._ending = ending

    def read(self) -> bytes | None:
        """The bytes; None where there are none that are whole."""
        try:
            with open(self.path, "rb") as stream:  # noqa: PTH123
                data = stream.read()
        except OSError:
            return None
        digest, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        return content if len(digest) == _DIGEST_BYTES and digest == _digest(content) else None

    def write(self, content: bytes) -> bool:
        """Keep the bytes in place of those that are there; whether that was possible. Never raises for want of it."""
        try:
            self._write(_digest(content) + content)
        except OSError:
            return False
        return True

    def clock_ns(self) -> int | None:
        """What time the file system has, in nanoseconds; None where nothing can be written.

        It need not be this machine's: the folder may lie on another.
        """
        import tempfile

        try:
            self._make_folder()
            with tempfile.TemporaryFile(dir=Path(self.path).parent) as stream:
                stream.write(b"\0")
                stream.flush()
                return os.fstat(stream.fileno()).st_mtime_ns
        except OSError:
            return None

    def behind_ns(self) -> int | None:
        """How far the file system's clock is behind this machine's; None where nothing can be written."""
        clock_ns = self.clock_ns()
        return None if clock_ns is None else max(0, time.time_ns() - clock_ns)

    def _make_folder(self) -> None:
        folder = Path(self.path).parent
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def _write(self, data: bytes) -> None:
        import tempfile

        self._make_folder()
        folder = Path(self.path).parent
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            Path(name).replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        with contextlib.suppress(OSError):
            entries = sorted(folder.glob(f"*{self._ending}"), key=lambda path: path.stat().st_mtime, reverse=True)
            for old in entries[_KEPT:]:
                old.unlink(missing_ok=True)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
