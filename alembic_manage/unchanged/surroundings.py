"""What a comparison depends on besides the models and the revisions: versions, settings, configuration files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.unchanged.description import Description
from alembic_manage.unchanged.digest import digest, digest_of_file
from alembic_manage.version import VERSION

if TYPE_CHECKING:
    from alembic_manage.project import Project

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".egg", ".pth")
# The databases count one at a time, and of the rest of the module nothing is read.
_OTHER_SETTINGS = ("databases", "values")


def surroundings_of(project: Project, alias: str) -> str:
    """The digest of all that counts for comparisons of one database; no model is imported for it.

    Args:
        project: whose settings and files count.
        alias: of the database.
    """
    database = project.database(alias)
    description = Description()
    for field in fields(project.settings):
        if field.name not in _OTHER_SETTINGS:
            description.add((field.name, getattr(project.settings, field.name)))
    files = (
        project.migrations_dir / "env.py",
        project.migrations_dir / "baseline.py",
        project.migrations_dir / "known_differences.txt",
        project.alembic_ini,
        project.root / "pyproject.toml",
    )
    return digest(
        [
            VERSION,
            sys.version,
            *_own_code(),
            *_installed(),
            alias,
            database.url.render_as_string(hide_password=True),
            str(database.server_version),
            description.text,
            *(digest_of_file(path) for path in files),
        ]
    )


def has_own_env_py(project: Project) -> bool:
    """Whether the project's env.py is the suite's, to the last byte, so that what it does is known."""
    found = digest_of_file(project.migrations_dir / "env.py")
    templates = (
        _PACKAGE / "templates" / "project" / "alembic_database" / "env.py",
        _PACKAGE.parent / "alembic_database" / "env.py",
    )
    return bool(found) and found in [digest_of_file(path) for path in templates]


def _own_code() -> Iterator[str]:
    """The suite's own files, where it is worked on without its version changing."""
    if "site-packages" not in _PACKAGE.parts:
        yield from _marks(str(_PACKAGE), lambda entry: entry.name.endswith(".py"), deep=True)


def _installed() -> Iterator[str]:
    """What is installed, plugins of Alembic among it: an installation has a folder that is called by its version.

    Source: Python Packaging User Guide, "Recording installed projects".
    """
    for folder in sys.path:
        yield from _marks(folder or os.curdir, lambda entry: entry.name.endswith(_INSTALLED))


def _marks(folder: str, counts: Any, *, deep: bool = False) -> list[str]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if counts(entry):
                    state = entry.stat()
                    found.append(f"{entry.path} {state.st_mtime_ns} {state.st_size}")
                elif deep and entry.name != "__pycache__" and entry.is_dir():
                    found += _marks(entry.path, counts, deep=True)
    except OSError:
        return [f"{folder} cannot be read"]
    return sorted(found)
