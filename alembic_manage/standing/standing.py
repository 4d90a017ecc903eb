"""Whether a database is known to have everything applied, and what that makes to say of the models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import SettingsError
from alembic_manage.history.listing import list_revisions
from alembic_manage.hooks import named_hooks
from alembic_manage.standing.asking import database_stands_at, plain_stands_at
from alembic_manage.standing.comparisons import kept_comparisons
from alembic_manage.standing.inputs import are_older
from alembic_manage.standing.outlook import Outlook
from alembic_manage.standing.record import Record, Records, dated, digest_of

if TYPE_CHECKING:
    from alembic_manage.database import Database
    from alembic_manage.dialects.plain_database import PlainDatabase
    from alembic_manage.environment import Environment
    from alembic_manage.project import Project
    from alembic_manage.standing.watch import Touched


def stands_at_head(project: Project, alias: str) -> Outlook | None:
    """What to say, where there is nothing to do for `migrate`; None where that is not known.

    Neither Alembic nor the models are imported, no revision is read, and for a file not even SQLAlchemy is needed.

    Args:
        project: with its settings as they are now.
        alias: of the database, which is asked; a file is not, where it is as it was when it was asked the last time.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    records = _records(project, alias)
    record = records.read()
    if record is None or not _has_same_inputs(project, record):
        return None
    try:
        named_hooks(project.settings.hooks, project.root)
    except SettingsError:
        return None
    return record.outlook if _is_at_head(project, alias, records, record) else None


def _is_at_head(project: Project, alias: str, records: Records, record: Record) -> bool:
    """Ask the database."""
    plain = _plain(project, alias, record.dialect, record.driver)
    if plain is None:
        return database_stands_at(project.database(alias), record.head)
    state = plain.state()  # before the question: what comes in between shows the next time
    if state is not None and state == record.state:
        return True
    try:
        if not plain_stands_at(plain, record.head):
            return False
    except Exception as error:
        raise project.database(alias).connection_error(error) from error
    if state is not None:
        records.keep(replace(record, state=state))
    return True


def remember(environment: Environment, touched: Touched, began_ns: int, outlook: Outlook) -> None:
    """Keep for `stands_at_head` that there was nothing to do, if all is known behind that.

    Args:
        environment: of the database.
        touched: what importing the models touched.
        began_ns: when the run began, in nanoseconds: before anything was read.
        outlook: what is known of the models.
    """
    from alembic_manage.standing.knowable import inputs_of, is_knowable

    project, database = environment.project, environment.database
    heads = environment.history.heads
    if len(heads) != 1 or not is_knowable(environment, touched):
        return
    folders, recursive = environment.version_folders
    listing = list_revisions(folders, recursive=recursive)
    found, inputs = digest_of(listing), inputs_of(project, touched)
    records = _records(project, database.alias)
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
        comparisons=None if outlook is Outlook.UNCHANGED else kept_comparisons(project.root),
        dialect=database.url.get_backend_name(),
        driver=_plain_driver(project, database),
        state=None,
    )
    if _has_same_inputs(project, record):
        records.keep(record)


def _plain(project: Project, alias: str, dialect: str, driver: str | None) -> PlainDatabase | None:
    """The database as it is asked without SQLAlchemy, by SQLAlchemy's names of its kind and its driver."""
    if driver is None:
        return None
    settings = project.settings.database(alias)
    return dialect_named(dialect).plain_database(driver, settings.url, settings.options, project.root)


def _plain_driver(project: Project, database: Database) -> str | None:
    """SQLAlchemy's name of the driver, where that opens the same without SQLAlchemy."""
    driver = database.url.get_dialect().driver
    plain = _plain(project, database.alias, database.url.get_backend_name(), driver)
    return driver if plain is not None and plain.is_what_opens(database.url, database.options) else None


def _records(project: Project, alias: str) -> Records:
    return Records(project.root, project.settings.module, alias)


def _has_same_inputs(project: Project, record: Record) -> bool:
    """Whether all that the record followed from is as it was; what is dear comes last."""
    if not record.inputs.are_as_they_were(project.settings.values):
        return False
    if record.comparisons is not None and record.comparisons != kept_comparisons(project.root):
        return False
    listing = list_revisions([Path(folder) for folder in record.version_folders], recursive=record.recursive)
    return digest_of(listing) == record.listing
