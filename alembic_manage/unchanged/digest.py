"""Digests of texts and of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from alembic_manage.history.listing import list_revisions

_BYTES = 16


def digest(parts: Iterable[str | bytes]) -> str:
    """One digest of some texts, in their order."""
    found = hashlib.blake2b(digest_size=_BYTES)
    for part in parts:
        data = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


def digest_of_file(path: Path) -> str:
    """The digest of a file's content; empty where there is no such file."""
    try:
        return digest([path.read_bytes()])
    except OSError:
        return ""


def digest_of_revisions(folders: Sequence[Path], root: Path, *, recursive: bool) -> str | None:
    """The digest of what the revision files are called and hold; None where a folder or file cannot be read.

    Args:
        folders: the version folders.
        root: the project's folder, which may lie elsewhere the next time.
        recursive: whether folders below them count.
    """
    listing = list_revisions(folders, recursive=recursive)
    if listing.problems:
        return None
    beginning = f"{root}/"
    parts: list[str | bytes] = []
    try:
        for path in listing.paths:
            with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - of thousands of files each step counts
                parts += (path.removeprefix(beginning), stream.read())
    except OSError:
        return None
    return digest(parts)
