"""Compressed files, by the end of their names."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

WRITTEN = ("gz", "bz2", "xz", "lzma")
"""What dumpdata can write."""
READ = (*WRITTEN, "zip")
"""What loaddata can read."""
_OPEN: dict[str, Callable[..., Any]] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open, "lzma": lzma.open}
ERRORS = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile)
"""What reading a damaged file raises, apart from OSError."""


def compressing(stream: IO[bytes], name: str) -> IO[bytes]:
    """A stream that compresses what is written to it, as the file's name says; the stream itself for other names."""
    suffix = Path(name).suffix.lstrip(".")
    if suffix not in WRITTEN:
        return stream
    options = {"format": lzma.FORMAT_ALONE} if suffix == "lzma" else {}
    return _OPEN[suffix](stream, "wb", **options)  # type: ignore[no-any-return]


def decompressing(path: Path) -> IO[bytes]:
    """A stream of what a file holds.

    Raises:
        OSError: it cannot be read.
        zipfile.BadZipFile: it is no archive, or one of several files.
    """
    suffix = path.suffix.lstrip(".")
    if suffix == "zip":
        return _only_file_of(path)
    return _OPEN[suffix](path, "rb") if suffix in _OPEN else path.open("rb")


def _only_file_of(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise zipfile.BadZipFile(f"an archive must hold one file, this one has {len(names)}")
    return archive.open(names[0])
