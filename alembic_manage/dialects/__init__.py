"""What the suite must know about each database: one folder a database, and the only place that names one.

A dialect holds facts and small pure functions; it opens no connection and prints nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.util import find_spec

from alembic_manage.dialects.catalog import Catalog, EnumUse
from alembic_manage.dialects.client import ConnectionFailure, ShellCall
from alembic_manage.dialects.dialect import Dialect
from alembic_manage.dialects.facts import ColumnDrop
from alembic_manage.dialects.first_database import FirstDatabase
from alembic_manage.dialects.rows import KeyChecks
from alembic_manage.dialects.scratch import ScratchSQL
from alembic_manage.dialects.session import AS_IT_STANDS, is_autocommit
from alembic_manage.dialects.session_sql import InvalidIndexSQL, SessionLockSQL, TimeoutSQL

__all__ = [
    "AS_IT_STANDS",
    "Catalog",
    "ColumnDrop",
    "ConnectionFailure",
    "Dialect",
    "EnumUse",
    "FirstDatabase",
    "InvalidIndexSQL",
    "KeyChecks",
    "ScratchSQL",
    "SessionLockSQL",
    "ShellCall",
    "TimeoutSQL",
    "dialect_named",
    "is_autocommit",
    "known_dialects",
]


@cache
def known_dialects() -> tuple[Dialect, ...]:
    """One object for each folder in this one, in the order of their names."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if found.ispkg
    )
    return tuple(module.DIALECT for module in modules)


@cache
def dialect_named(name: str) -> Dialect:
    """The dialect for SQLAlchemy's backend name ("postgresql", "mysql"); pessimistic defaults for others."""
    if name.isidentifier() and find_spec(f"{__name__}.{name}") is not None:
        found = getattr(importlib.import_module(f"{__name__}.{name}"), "DIALECT", None)
        if isinstance(found, Dialect) and name in found.names:
            return found  # without the others, which need not be imported for it
    for dialect in known_dialects():
        if name in dialect.names:
            return dialect
    return Dialect(names=(name,), title=name)
