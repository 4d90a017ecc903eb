"""The database that a new project begins with: its URL, what to install for it, how to make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alembic_manage.dialects import FirstDatabase, dialect_named, known_dialects
from alembic_manage.version import VERSION

ASYNCIO_EXTRA = "async"


@dataclass(frozen=True)
class ProjectDatabase:
    """What the files of a project say about its database."""

    url: str
    expression: str
    """The URL as settings.py has it: Python source."""
    requirement: str
    """The suite with the driver, as a line of requirements.txt."""
    create: str | None
    """A command that makes the database; None where it comes by itself."""


def database_names() -> Sequence[str]:
    """The kinds of databases that a project can begin with, those that need no server first."""
    dialects = [dialect for dialect in known_dialects() if dialect.first_database]
    return [dialect.names[0] for dialect in sorted(dialects, key=lambda dialect: not dialect.is_file)]


def project_database(project: str, kind: str | None = None, asyncio: bool = False) -> ProjectDatabase:
    """The database of a new project.

    Args:
        project: its name, which its database has too.
        kind: one of `database_names`; None for the first of them, which is that of this repository's own project.
        asyncio: whether its driver is one for asyncio.
    """
    dialect = dialect_named(kind or database_names()[0])
    first = dialect.first_database
    assert first is not None, f"{dialect.title} is not among database_names()"
    url = (first.asyncio_url if asyncio else first.url).format(name=project)
    return ProjectDatabase(
        url,
        _in_the_projects_folder(url) if dialect.is_file else f'"{url}"',
        _requirement([ASYNCIO_EXTRA, first.extra] if asyncio else [first.extra]),
        _create(first, project),
    )


def _in_the_projects_folder(url: str) -> str:
    scheme, _, file = url.rpartition("/")
    return f"f\"{scheme}/{{BASE_DIR / '{file}'}}\""


def _requirement(extras: Sequence[str | None]) -> str:
    """With an asyncio driver also one without, which the tests' db_session needs."""
    named = ",".join(filter(None, extras))
    return f"alembic-manage{f'[{named}]' if named else ''}>={VERSION}"


def _create(first: FirstDatabase, project: str) -> str | None:
    return first.create.format(name=project) if first.create else None
