"""What the suite must know about each database: one file a database, and the only place that names one.

A dialect holds facts and small pure functions; it opens no connection and prints nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from alembic_manage.dialects.dialect import (
    AS_IT_STANDS,
    Catalog,
    ColumnDrop,
    ConnectionFailure,
    Dialect,
    EnumUse,
    FirstDatabase,
    InvalidIndexSQL,
    KeyChecks,
    ScratchSQL,
    SessionLockSQL,
    ShellCall,
    TimeoutSQL,
    is_autocommit,
)

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
    """One object for each file in this folder, in the order of their names."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if found.name != "dialect"
    )
    return tuple(module.DIALECT for module in modules)


def dialect_named(name: str) -> Dialect:
    """The dialect for SQLAlchemy's backend name ("postgresql", "mysql"); pessimistic defaults for others."""
    for dialect in known_dialects():
        if name in dialect.names:
            return dialect
    return Dialect(names=(name,), title=name)
