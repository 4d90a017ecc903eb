"""The differences between history and models that a project lives with: a file in the repository, one object a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic_manage.atomic_file import write_atomically
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path
from alembic_manage.project import Project

NAME = "known_differences.txt"
_HEADER = """\
# Differences between the migrations and the models that this project lives with: makemigrations leaves them out.
# One a line, as the operation that would remove it. Written by: python manage.py makemigrations --accept-current
"""


def path_of(project: Project) -> Path:
    """Where the file is, or would be."""
    return project.migrations_dir / NAME


def read_known(project: Project) -> frozenset[str]:
    """The differences in the file; none where there is no file.

    Raises:
        CommandError: it cannot be read.
    """
    path = path_of(project)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        shown = display_path(path, project.root)
        raise CommandError(f"{shown} cannot be read: {error}", hint=f"git checkout -- {shown}") from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def write_known(project: Project, differences: Iterable[str]) -> Path:
    """Write the file anew, or delete it where nothing is left to hold; its path.

    Raises:
        CommandError: it cannot be written.
    """
    path, lines = path_of(project), sorted(differences)
    try:
        if lines:
            write_atomically(path, _HEADER + "\n".join(lines) + "\n")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        shown = display_path(path, project.root)
        raise CommandError(f"{shown} cannot be written: {error.strerror}.", hint=f"ls -ld {shown}") from error
    return path
