"""What can be known of importing a project's models: all that it depends on, or that nobody can tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alembic_manage.settings.settings_module import ONLY_AST
from alembic_manage.standing.inputs import Inputs, environment_digest, marks_of, module_files, names_in, values_digest
from alembic_manage.standing.listeners import listeners_of

if TYPE_CHECKING:
    from alembic_manage.environment import Environment
    from alembic_manage.project import Project
    from alembic_manage.standing.watch import Touched


def inputs_of(project: Project, touched: Touched) -> Inputs | None:
    """What importing the models depended on; None where the settings hold more than plain values.

    Args:
        project: whose models are imported.
        touched: what that touched.
    """
    values = values_digest(project.settings.values)
    if values is None:
        return None
    return Inputs(
        environment=environment_digest(),
        values=values,
        marks=marks_of([*module_files(), *touched.files, *_configuration(project)]),
        folders={folder: names_in(folder) for folder in sorted({*touched.folders, *_folders(project)})},
    )


def has_known_env_py(environment: Environment) -> bool:
    """Whether env.py is the suite's own, so that it is known to import the models, connect, run migrations, no more."""
    from alembic_manage.unchanged.surroundings import has_own_env_py

    project = environment.project
    is_plain = project.settings.env_context is None and environment.folder == project.migrations_dir
    return is_plain and has_own_env_py(project)


def is_knowable(environment: Environment, touched: Touched) -> bool:
    """Whether everything that an answer followed from is among the inputs."""
    return (
        touched.is_knowable
        and has_known_env_py(environment)
        and not any(_listeners())
        and all(map(_is_inert, touched.before))
    )


def _listeners() -> Iterator[object]:
    """Who is told of every connection of the process, and could send it somewhere else."""
    from sqlalchemy import Engine, Pool
    from sqlalchemy.engine.default import DefaultDialect

    for kind in (Engine, Pool, DefaultDialect):
        yield from listeners_of(kind.dispatch)


def _is_inert(file: str) -> bool:
    """Whether a module does nothing but be there."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            tree = compile(stream.read(), file, "exec", ONLY_AST)
    except (OSError, SyntaxError, ValueError):
        return False
    return all(type(statement).__name__ == "Expr" for statement in tree.body)


def _configuration(project: Project) -> Iterator[str]:
    """Files that count without being modules; also those that are not there."""
    yield from (str(project.migrations_dir / name) for name in ("env.py", "baseline.py", "known_differences.txt"))
    yield from (str(path) for path in (project.alembic_ini, project.root / "pyproject.toml", project.root / ".env"))


def _folders(project: Project) -> Iterator[str]:
    """Folders in which a new module would be found before others."""
    yield from (os.path.abspath(folder or os.curdir) for folder in sys.path)  # noqa: PTH100
    yield str(project.root)
    yield from (app.folder for app in project.apps)
