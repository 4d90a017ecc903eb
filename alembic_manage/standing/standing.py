"""Whether a database is known to have everything applied, and the models no changes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.alembic_plugin import JOURNAL_SUFFIX
from alembic_manage.errors import SettingsError
from alembic_manage.history.listing import list_revisions
from alembic_manage.hooks import named_hooks
from alembic_manage.settings_module import ONLY_AST
from alembic_manage.standing.inputs import (
    are_older,
    environment_digest,
    marks_of,
    module_files,
    names_in,
    values_digest,
)
from alembic_manage.standing.record import Record, Records, dated, digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.environment import Environment
    from alembic_manage.project import Project
    from alembic_manage.standing.watch import Touched

VERSION_TABLE = "alembic_version"
"""Alembic's default, which the suite's own env.py leaves as it is."""


def stands_at_head(project: Project, alias: str) -> bool:
    """Whether there is nothing to do for `migrate`, and nothing to remind of; False where that is not known.

    Neither Alembic nor the models are imported, and no revision is read.

    Args:
        project: with its settings as they are now.
        alias: of the database, which is asked.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    record = _records(project, alias).read()
    if record is None or not _has_same_inputs(project, record):
        return False
    try:
        named_hooks(project.settings.hooks, project.root)
    except SettingsError:
        return False
    return project.database(alias).run(lambda connection: _is_at(connection, record.head))


def remember(environment: Environment, touched: Touched, began_ns: int) -> None:
    """Keep for `stands_at_head` that there was nothing to do, and no change of the models, if all is known behind that.

    Args:
        environment: of the database.
        touched: what importing the models touched.
        began_ns: when the run began, in nanoseconds: before anything was read.
    """
    project, alias = environment.project, environment.database.alias
    heads = environment.history.heads
    if len(heads) != 1 or not _is_knowable(environment, touched):
        return
    folders, recursive = environment.version_folders
    listing = list_revisions(folders, recursive=recursive)
    marks = marks_of([*module_files(), *touched.files, *_configuration(project)])
    found, values = digest_of(listing), values_digest(project.settings.values)
    records = _records(project, alias)
    behind_ns = records.behind_ns()
    if found is None or values is None or behind_ns is None:
        return
    if not are_older(marks | dated(listing), began_ns - behind_ns):
        return  # it may have changed after it was read
    record = Record(
        environment=environment_digest(),
        values=values,
        marks=marks,
        folders={folder: names_in(folder) for folder in sorted({*touched.folders, *_folders(project)})},
        version_folders=tuple(map(str, folders)),
        recursive=recursive,
        listing=found,
        head=heads[0].id,
    )
    if _has_same_inputs(project, record):
        records.keep(record)


def imported_models(environment: Environment) -> Touched | None:
    """What importing the models touches; None where env.py may do something else, or they are imported already.

    Raises:
        ModelsError: a models module raises.
    """
    from alembic_manage.standing.watch import touched

    project = environment.project
    if "metadata" in vars(project) or not has_known_env_py(environment):
        return None
    with touched(project.root, project.settings.module) as found:
        _ = project.metadata  # which is what env.py begins with
    return found


def has_known_env_py(environment: Environment) -> bool:
    """Whether env.py is the suite's own, so that it is known to import the models, connect, run migrations, no more."""
    from alembic_manage.unchanged.surroundings import has_own_env_py

    project = environment.project
    is_plain = project.settings.env_context is None and environment.folder == project.migrations_dir
    return is_plain and has_own_env_py(project)


def _records(project: Project, alias: str) -> Records:
    return Records(project.root, project.settings.module, alias)


def _has_same_inputs(project: Project, record: Record) -> bool:
    """Whether all that the record followed from is as it was; what is dear comes last."""
    if record.environment != environment_digest() or record.values != values_digest(project.settings.values):
        return False
    if record.marks != marks_of(record.marks):
        return False
    if any(names_in(folder) != names for folder, names in record.folders.items()):
        return False
    listing = list_revisions([Path(folder) for folder in record.version_folders], recursive=record.recursive)
    return digest_of(listing) == record.listing


def _is_at(connection: Connection, head: str) -> bool:
    """Whether the version table holds the head alone, and no revision stopped halfway."""
    try:
        rows = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars().all()
        if list(rows) != [head]:
            return False
        journal = f"{VERSION_TABLE}{JOURNAL_SUFFIX}"
        if not inspect(connection).has_table(journal):
            return True
        return connection.exec_driver_sql(f"SELECT 1 FROM {journal}").first() is None
    except SQLAlchemyError:
        return False  # whoever looks closer will say what is wrong


def _is_knowable(environment: Environment, touched: Touched) -> bool:
    """Whether everything that the answer followed from is among the inputs."""
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
        dispatch = kind.dispatch
        for name in dispatch._event_names:
            for listeners in getattr(dispatch, name)._clslevel.values():
                yield from listeners


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
