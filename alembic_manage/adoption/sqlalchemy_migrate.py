"""Repositories of sqlalchemy-migrate, the tool before Alembic."""

from __future__ import annotations

import re
from pathlib import Path

from alembic_manage.adoption.folder import walk


def find_repository(directory: Path) -> Path | None:
    """The folder of a repository of sqlalchemy-migrate; None where there is none.

    It has a migrate.cfg, or files such as versions/001_first.py with `upgrade(migrate_engine)`.
    """
    for folder in walk(directory):
        if (folder / "migrate.cfg").is_file():
            return folder
        if folder.name == "versions" and any(_is_version(path) for path in sorted(folder.glob("[0-9]*_*.py"))):
            return folder.parent
    return None


def _is_version(path: Path) -> bool:
    try:
        return re.search(r"^def upgrade\(migrate_engine\)", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
    except (OSError, UnicodeDecodeError):
        return False
