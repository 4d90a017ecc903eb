"""Asks a database where it stands: by its driver, where SQLAlchemy need not be imported for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.alembic_plugin import JOURNAL_SUFFIX

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.database import Database
    from alembic_manage.dialects.plain_database import PlainDatabase

VERSION_TABLE = "alembic_version"
"""Alembic's default, which the suite's own env.py leaves as it is."""
_JOURNAL = f"{VERSION_TABLE}{JOURNAL_SUFFIX}"
_RECORDED = f"SELECT version_num FROM {VERSION_TABLE}"
_HALVES = f"SELECT 1 FROM {_JOURNAL} LIMIT 1"


def plain_stands_at(database: PlainDatabase, head: str) -> bool:
    """Whether the version table holds the head alone, and no revision stopped halfway there; SQLAlchemy is not needed.

    What stopped is asked first: a run that begins between the two questions began after the head was reached.

    Args:
        database: is asked by its driver.
        head: a revision.

    Raises:
        Exception: the driver's, where a server refuses the connection.
    """
    found = database.read({_JOURNAL: _HALVES, VERSION_TABLE: _RECORDED})
    return found is not None and found.get(VERSION_TABLE) == [(head,)] and not found.get(_JOURNAL)


def database_stands_at(database: Database, head: str) -> bool:
    """The same of any database.

    Args:
        database: it is connected to.
        head: a revision.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    def look(connection: Connection) -> bool:
        try:
            if connection.exec_driver_sql(_RECORDED).scalars().all() != [head]:
                return False
            return not inspect(connection).has_table(_JOURNAL) or connection.exec_driver_sql(_HALVES).first() is None
        except SQLAlchemyError:
            return False  # whoever looks closer will say what is wrong

    return database.run(look)
