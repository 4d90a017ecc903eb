"""A new project: which name and folder it may have, and its files.

They are the repository's own, with the name and the database replaced; what the repository has otherwise (models,
tests, README) is in templates/project/.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.errors import CommandError
from alembic_manage.location import display_path
from alembic_manage.scaffold.name import is_taken, refuse_name
from alembic_manage.scaffold.project_database import ProjectDatabase, project_database
from alembic_manage.scaffold.template import File, read_template, rendered
from alembic_manage.scaffold.tree import in_the_way, write_tree

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "project"
REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = (
    "manage.py",
    "settings.py",
    ".env.example",
    "alembic.ini",
    "alembic_database/env.py",
    "alembic_database/script.py.mako",
)
"""The repository's own files: the wheel has them in templates/project/, a checkout where they are."""
EXAMPLE = "myproject"
"""What the repository's own project is called."""
OWN_MODULES = ("alembic_database", "manage", "settings", "tests")
"""What stands beside the project's package."""
LISTED = 8


@dataclass(frozen=True)
class NewProject:
    """A project that may be written: its name is free."""

    name: str
    root: Path
    """The folder of manage.py."""
    database: ProjectDatabase

    def first_commands(self) -> list[str]:
        """What to type in the project's folder, in this order."""
        manage = [f"python manage.py {command}" for command in ("makemigrations", "migrate", "test")]
        create = [self.database.create] if self.database.create else []
        return ["python -m pip install -r requirements.txt", *create, *manage]


def plan_project(
    name: str, directory: Path | None = None, kind: str | None = None, asyncio: bool = False
) -> NewProject:
    """The project to be written.

    Args:
        name: of the project, its package and its database.
        directory: the folder of manage.py; one with the project's name where None.
        kind: of its database, see `database_names`; None for the one that needs no server.
        asyncio: whether the driver is one for asyncio.

    Raises:
        CommandError: the name is none or taken, or its folder is a Python package.
    """
    refuse_name(name, "project")
    root = (directory or Path(name)).absolute().resolve()
    if directory is None and (root / "__init__.py").exists():
        raise CommandError(
            f"{name} is a Python package already; the files of the project would be mixed with its own. "
            "Nothing was written.",
            hint=f"python manage.py startproject {name}_project",
        )
    # A folder of that name in this one can be imported too, but not by the project.
    if name in OWN_MODULES or is_taken(name, root, root / name, Path.cwd() / name):
        raise CommandError(
            f"'{name}' conflicts with the name of an existing Python module and cannot be used as a project name.",
            hint=f"python manage.py startproject {name}_project",
        )
    return NewProject(name, root, project_database(name, kind, asyncio))


def project_files(project: NewProject, template: Path | None = None) -> Sequence[File]:
    """The files of a project, from a template of the user's where one is given.

    Raises:
        CommandError: the template cannot be used.
    """
    values = {
        "project_name": project.name,
        "camel_case_project_name": "".join(word.capitalize() for word in project.name.split("_")),
        "project_directory": str(project.root),
        "database_url": project.database.url,
        "requirement": project.database.requirement,
        "first_commands": "\n    ".join(project.first_commands()),
    }
    files = read_template(template) if template else list(_own_files(project))
    return rendered(files, project.name, values)


def write_project(project: NewProject, files: Sequence[File]) -> None:
    """Write the files: all of them, or none.

    Raises:
        CommandError: one is there already, or cannot be written.
    """
    taken = [display_path(project.root / path) for path in in_the_way(project.root, files)]
    if taken:
        more = f" and {len(taken) - LISTED} more" if len(taken) > LISTED else ""
        raise CommandError(
            f"Already there, and not to be overwritten: {', '.join(taken[:LISTED])}{more}. Nothing was written.",
            hint=f"python manage.py startproject {project.name} another_folder",
        )
    try:
        write_tree(project.root, files)
    except OSError as error:
        raise CommandError(
            f"{display_path(project.root)} cannot be written: {error.strerror}. Nothing was written.",
            hint=f"ls -ld {shlex.quote(str(project.root.parent))}",
        ) from error


def _own_files(project: NewProject) -> Iterator[File]:
    for file in read_template(TEMPLATE):
        if file.path not in SHARED:
            yield file
    for name in SHARED:
        path = TEMPLATE / name
        yield File(name, _for(project, (path if path.is_file() else REPOSITORY / name).read_text("utf-8")).encode())


def _for(project: NewProject, text: str) -> str:
    """A file of the repository with the name and the database of another project."""
    example, new = project_database(EXAMPLE), project.database
    text = text.replace(example.expression, new.expression)
    text = text.replace(f"DATABASE_URL={example.url}\n", f"DATABASE_URL={new.url}\n")
    return re.sub(rf"\b{EXAMPLE}\b", project.name, text)
