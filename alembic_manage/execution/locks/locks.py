"""Which lock a database has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.alembic_api import connection_of
from alembic_manage.dialects import dialect_named
from alembic_manage.execution.locks.file_lock import FileLock
from alembic_manage.execution.locks.lock import LockKey, MigrationLock
from alembic_manage.execution.locks.no_lock import NoLock
from alembic_manage.execution.locks.row_lock import RowLock
from alembic_manage.execution.locks.session_lock import SessionLock

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def lock_key(context: MigrationContext) -> LockKey:
    """What a migrator of this context locks: one version table in one schema of one database."""
    connection = connection_of(context)
    schema = context.version_table_schema or connection.dialect.default_schema_name or ""
    return LockKey(str(connection.engine.url.database or ""), schema, context.version_table)


def lock_for(context: MigrationContext, kind: str) -> MigrationLock:
    """The lock for a context's database and version table, not yet acquired.

    A database that is a file has no pooler, and its one writer could not renew a row meanwhile: a file beside it is its
    lock of either kind.

    Args:
        context: an online context.
        kind: "session", "row" or "off", as the setting MIGRATION_LOCK says.
    """
    connection = connection_of(context)
    rules, key = dialect_named(connection.dialect.name), lock_key(context)
    if kind == "off":
        return NoLock()
    if rules.is_file:
        path = rules.file_of(connection)
        return FileLock(Path(path), key.version_table) if path else NoLock()
    if kind == "row":
        return RowLock(connection.engine, key)
    return SessionLock(connection.engine, key, rules.session_lock, rules) if rules.session_lock else NoLock()
