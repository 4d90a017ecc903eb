"""Replaces several files: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Replacement:
    """A file with a new content, and perhaps a new name in its folder."""

    old: Path
    new: Path
    content: bytes


def replace_files(replacements: Sequence[Replacement]) -> None:
    """Put every new file in the place of its old one; where one cannot be, all old ones are there again.

    Raises:
        FileExistsError: a new name is taken by a file that is not replaced.
        OSError: a folder is read-only, or the disk is full.
    """
    leaving = {each.old for each in replacements}
    for each in replacements:
        if each.new.exists() and each.new not in leaving:
            raise FileExistsError(17, "File exists", str(each.new))
    with contextlib.ExitStack() as temporaries:
        # Written first, because that is what fails where there is no room.
        written = [_temporary(each, temporaries) for each in replacements]
        _swap(replacements, written)


def _temporary(replacement: Replacement, temporaries: contextlib.ExitStack) -> Path:
    # No ".py" at its end: Alembic would take it for a revision.
    descriptor, name = tempfile.mkstemp(dir=replacement.new.parent, prefix=f".{replacement.new.name}.", suffix=".tmp")
    path = Path(name)
    temporaries.callback(path.unlink, missing_ok=True)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(replacement.content)
        stream.flush()
        os.fsync(stream.fileno())
    shutil.copymode(replacement.old, path)
    return path


def _swap(replacements: Sequence[Replacement], written: Sequence[Path]) -> None:
    """Move the old files aside, the new ones into place, and delete the old ones; back again where something raises."""
    aside = {each.old: each.old.with_name(f".{each.old.name}.old") for each in replacements}
    placed: list[Path] = []
    try:
        for old, kept in aside.items():
            old.replace(kept)
        for each, temporary in zip(replacements, written, strict=True):
            temporary.replace(each.new)
            placed.append(each.new)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        for old, kept in aside.items():
            if kept.exists():
                kept.replace(old)
        raise
    for kept in aside.values():
        kept.unlink(missing_ok=True)
