"""What is found in an existing project, what is unclear, and the two files that adopt writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from alembic_manage.adoption.address import Address
from alembic_manage.adoption.configuration import Configuration
from alembic_manage.adoption.folder import Folder
from alembic_manage.adoption.settings_text import MARK
from alembic_manage.atomic_file import write_atomically
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path

MANAGE = '''\
#!/usr/bin/env python
"""The project's migration commands: `python {file} help` lists them. {mark}"""

import os

from alembic_manage.cli import main

if __name__ == "__main__":
    os.environ.setdefault("SETTINGS_MODULE", "{settings}")
    main()
'''


@dataclass(frozen=True)
class Adoption:
    """A project that can be taken over; nothing is written yet."""

    root: Path
    """Where the files go."""
    manage: str
    """The name of the file with the commands; manage.py unless that is taken."""
    settings: str
    """The settings module."""
    text: str
    """Of the settings."""
    found: Sequence[tuple[str, str]]
    """What was found: a word for it, and what it is."""
    unsure: Sequence[str]
    """What a person should look at, one line each."""
    tables_before: Sequence[str] = ()
    """Tables that no revision makes."""

    def as_json(self) -> dict[str, object]:
        """The stable shape that `adopt --json` prints, but for what became of it."""
        return {
            "root": str(self.root),
            "manage": self.manage,
            "settings": self.settings,
            "text": self.text,
            "found": [{"name": name, "value": value} for name, value in self.found],
            "unsure": list(self.unsure),
            "tables_before": list(self.tables_before),
        }

    def write(self) -> None:
        """Write both files, or none.

        Raises:
            CommandError: the folder cannot be written.
        """
        settings, manage = self.root / f"{self.settings}.py", self.root / self.manage
        fresh = not settings.exists()
        try:
            if fresh:
                write_atomically(settings, self.text)
            write_atomically(manage, MANAGE.format(file=self.manage, settings=self.settings, mark=MARK))
        except OSError as error:
            if fresh:
                settings.unlink(missing_ok=True)
            raise CommandError(
                f"{display_path(self.root)} cannot be written: {error.strerror}. Nothing was written.",
                hint=f"ls -ld {self.root}",
            ) from error


def adopted_by(root: Path) -> str | None:
    """The file of `root` that runs the suite's commands already; None where none does."""
    for path in sorted(root.glob("*manage*.py")):
        if "alembic_manage.cli import main" in _text(path):
            return path.name
    return None


def free_names(folder: Folder) -> tuple[str, str]:
    """The names of the file of commands and of the settings module: the usual ones, or others where these are taken."""
    manage = next(
        f"{name}.py" for name in _names("manage", "manage_alembic") if not (folder.root / f"{name}.py").exists()
    )
    return manage, next(name for name in _names("settings", "alembic_settings") if not _is_taken(folder, name))


def _names(usual: str, other: str) -> Iterator[str]:
    yield from (usual, other)
    yield from (f"{other}_{number}" for number in count(2))


def _is_taken(folder: Folder, name: str) -> bool:
    """Whether a module of this name is there, other than one that adopt wrote before it was stopped."""
    if MARK in _text(folder.root / f"{name}.py"):
        return False
    return any((root / f"{name}.py").exists() or (root / name).is_dir() for root in folder.roots)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def origin_line(address: Address, configuration: Configuration) -> str:
    """Where the URL comes from, for a person; never the URL itself."""
    return re.sub(r"://[^'\"]*", "://...", address.origin) or configuration.location.name
