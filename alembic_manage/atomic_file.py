"""Writes a file wholly or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that at any moment either nothing or the whole of it is there.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full.
    """
    with atomic_stream(path) as stream:
        stream.write(text.encode("utf-8"))


@contextmanager
def atomic_stream(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes become the file when the block ends without an error; else nothing changes.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full.
    """
    # No ".py" at its end: Alembic would take it for a revision while it is being written.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """That of the file which is replaced, so that nobody can read it who could not before; else that of a new one."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
