"""The ids of the migrations, read as quickly as files can be: a shell waits for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser, Error
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.history.cache import GraphCache
from alembic_manage.history.listing import list_revisions

if TYPE_CHECKING:
    from alembic_manage.project import Project

_ID = re.compile(r"""^revision\b[^=\n]*=\s*["']([^"'\n]+)["']""", re.MULTILINE)
_MESSAGE = re.compile(r'\A(?:#[^\n]*\n|\s)*[rR]?"""\s*([^"\n]*)')


def revisions_of(project: Project) -> Iterator[tuple[str, str]]:
    """Id and message of each migration, in the order of the files' names; a file that cannot be read is left out."""
    folders = _folders(project)
    kept = _kept(project, folders)
    if kept is not None:
        yield from kept
        return
    for path in sorted({path for folder in folders for path in folder.glob("*.py")}):
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        id = _ID.search(source)
        message = _MESSAGE.match(source)
        if id:
            yield id[1], message[1].strip() if message else ""


def _kept(project: Project, folders: list[Path]) -> list[tuple[str, str]] | None:
    """What the last command kept of these files; None where one of them has changed since."""
    kept = GraphCache(project.root, folders, recursive=False).load()
    if kept is None or kept.shape is None or not kept.is_of(list_revisions(folders)):
        return None
    return [(file[0], file[4]) for file in kept.files if file is not None]


def _folders(project: Project) -> list[Path]:
    """Where migrations are, as far as alembic.ini says it in so many words."""
    parser = ConfigParser({"here": str(project.root)})
    try:
        parser.read(project.root / "alembic.ini", encoding="utf-8")
        folder = project.migrations_dir
        if not project.settings.migrations_dir_is_set:
            folder = project.root / parser.get("alembic", "script_location", fallback=str(folder))
        said = parser.get("alembic", "version_locations", fallback="")
    except (Error, UnicodeDecodeError):
        return [project.migrations_dir / "versions"]
    return [project.root / each for each in re.split(r"[\s,;]+", said) if each] or [folder / "versions"]
