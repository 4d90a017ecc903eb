"""Where test databases live, and how one of them becomes a copy of another: one file a technique."""

from __future__ import annotations

from alembic_manage.environment import Environment
from alembic_manage.testing.stores.file_store import FileStore
from alembic_manage.testing.stores.reload_store import ReloadStore
from alembic_manage.testing.stores.store import Store
from alembic_manage.testing.stores.template_store import TemplateStore

__all__ = ["Store", "store_for"]


def store_for(environment: Environment) -> Store:
    """The store beside the database of an environment.

    Raises:
        TestDatabaseError: no test databases can be made on this kind of database.
    """
    from alembic_manage.testing.errors import TestDatabaseError

    dialect = environment.database.dialect
    if dialect.is_file:
        return FileStore(environment)
    if dialect.scratch_sql is None:
        raise TestDatabaseError(
            f"No test databases can be made on {dialect.title}.", hint="name a PostgreSQL, MariaDB or SQLite database"
        )
    return TemplateStore(environment) if dialect.scratch_sql.copy else ReloadStore(environment)
