"""Whether a database is known to have everything applied, and the models no changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from alembic_manage.alembic_plugin import JOURNAL_SUFFIX
from alembic_manage.errors import SettingsError
from alembic_manage.history.listing import list_revisions
from alembic_manage.hooks import named_hooks
from alembic_manage.standing.inputs import are_older
from alembic_manage.standing.knowable import inputs_of, is_knowable
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
    if len(heads) != 1 or not is_knowable(environment, touched):
        return
    folders, recursive = environment.version_folders
    listing = list_revisions(folders, recursive=recursive)
    found, inputs = digest_of(listing), inputs_of(project, touched)
    records = _records(project, alias)
    behind_ns = records.behind_ns()
    if found is None or inputs is None or behind_ns is None:
        return
    if not are_older(inputs.marks | dated(listing), began_ns - behind_ns):
        return  # it may have changed after it was read
    record = Record(
        inputs=inputs,
        version_folders=tuple(map(str, folders)),
        recursive=recursive,
        listing=found,
        head=heads[0].id,
    )
    if _has_same_inputs(project, record):
        records.keep(record)


def _records(project: Project, alias: str) -> Records:
    return Records(project.root, project.settings.module, alias)


def _has_same_inputs(project: Project, record: Record) -> bool:
    """Whether all that the record followed from is as it was; what is dear comes last."""
    if not record.inputs.are_as_they_were(project.settings.values):
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
