"""What can be asked of, and done with, the context that env.py configured.

MigrationContext._in_external_transaction                                   1.18.0, 1.20.1
op._proxy, Operations._install_proxy, EnvironmentContext._migration_context  1.18.0, 1.20.1
DefaultImpl._exec                                                            1.18.0, 1.20.1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from alembic import op as op_module
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from alembic_manage.sql.percent import single_percents


def connection_of(context: MigrationContext) -> Connection:
    """The connection that env.py configured; only online."""
    assert context.connection is not None
    return context.connection


def naming_convention(context: MigrationContext) -> dict[str, Any]:
    """The naming convention that counts in revisions: that of env.py's target_metadata."""
    return dict(getattr(context.opts["target_metadata"], "naming_convention", None) or {})


DISCARDED = "alembic_manage_discarded"
"""The execution option of statements whose result nobody can see."""


def mark_discarded(context: MigrationContext) -> None:
    """Give the statements of `op.execute` the option DISCARDED: that function returns nothing."""
    impl, execute = context.impl, context.impl.execute

    def marked(sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        try:
            execute(sql, {**(execution_options or {}), DISCARDED: True})
        finally:
            # An option stays on its connection.
            connection_of(context).execution_options(**{DISCARDED: False})

    impl.execute = marked  # type: ignore[method-assign]


READ_ONLY = "alembic_manage_read_only"
"""The entry of a connection's `info` where nothing may be done on its database."""


def disposable(context: MigrationContext) -> MigrationContext | None:
    """The context itself, when its database may be changed: the state, or a scratch database; else None."""
    return None if connection_of(context).info.get(READ_ONLY) else context


def invoke(context: MigrationContext, operation: ops.MigrateOperation) -> None:
    """Run one operation on a context's connection."""
    Operations(context).invoke(operation)


def statements_of(context: MigrationContext, operation: ops.MigrateOperation) -> list[str]:
    """The SQL that one operation sends to the database, without parameters; nothing is sent."""
    offline = MigrationContext.configure(dialect=context.dialect, opts={**context.opts, "as_sql": True})
    dialect, found = context.dialect, []

    def record(construct: Any, *_: Any, **__: Any) -> None:
        if isinstance(construct, str):
            statement = str(text(construct))
        else:
            statement = single_percents(str(construct.compile(dialect=dialect)), dialect)
        found.append(statement.strip())

    offline.impl._exec = record  # type: ignore[method-assign]
    Operations(offline).invoke(operation)
    return found


def beside(context: MigrationContext, connection: Connection, **options: Any) -> MigrationContext:
    """A context like `context` on another connection, with other options."""
    online = {**context.opts, "as_sql": False, "literal_binds": False, **options}
    return MigrationContext.configure(
        connection=connection, opts=online, environment_context=context.environment_context
    )


def run_beside(context: MigrationContext, connection: Connection, work: Callable[[MigrationContext], None]) -> None:
    """Call `work` with a context like `context` on another connection, while `context` is running a revision.

    Meanwhile `op` and `context` of revisions lead to that other connection; afterwards to the first one again.
    """
    inner = beside(context, connection)
    around: Any = context.environment_context
    outer: Any = vars(op_module)["_proxy"]
    if around is not None:
        around._migration_context = inner
    try:
        with Operations.context(inner):
            work(inner)
    finally:
        # Operations.context() leaves nothing behind, not even what was there before.
        outer._install_proxy()
        if around is not None:
            around._migration_context = context


def owns_transaction(context: MigrationContext) -> bool:
    """Whether Alembic may begin and commit: false where env.py began a transaction before `configure`."""
    return not context._in_external_transaction


def revision_transaction(context: MigrationContext) -> AbstractContextManager[Any]:
    """The transaction of one revision."""
    return context.begin_transaction(_per_migration=True)
