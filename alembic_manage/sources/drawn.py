"""The tables of a revision and of a database, to be looked at."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from sqlalchemy.exc import SAWarning

from alembic_manage.alembic_api import connection_of
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.environment import Environment
from alembic_manage.plan import HEAD
from alembic_manage.sources.source import read_at
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.reflected import schema_shown

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import MetaData


def at_revision(environment: Environment, name: str) -> tuple[str, MetaData]:
    """The name of a revision, and the tables that the migrations up to it lead to.

    Raises:
        UnknownRevisionError: there is no such revision.
        HistoryStateError: what they lead to cannot be known.
    """
    history = environment.history.require_sound()
    ids = [each.id for each in history.heads] if name in (HEAD, "heads") else [history.find(name).id]
    return ", ".join(ids), read_at(environment, ids, _tables)[0]


def in_database(environment: Environment) -> MetaData:
    """The tables of a database.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    environment.database.require_file()
    return environment.read(lambda context, _: _tables(context))[0]


def _tables(context: MigrationContext) -> MetaData:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # what it passes over is in no picture
        return metadata_of(schema_shown(connection_of(context), OwnTables(context.version_table)))
