"""What the suite adds to Alembic's autogenerate, plain `alembic revision --autogenerate` included.

Loaded by Alembic through the entry point group "alembic.plugins". Its name lies below "alembic.autogenerate", as only
names there are switched on without a word in env.py. Source: Alembic 1.20, EnvironmentContext.configure,
autogenerate_plugins.
"""

from __future__ import annotations

import contextlib
from typing import Any

NAME = "alembic.autogenerate.alembic_manage"
LEDGER_SUFFIX = "_ledger"
LOCK_SUFFIX = "_lock"
JOURNAL_SUFFIX = "_journal"


def setup(plugin: Any) -> None:
    """Register the suite's comparators; called by Alembic."""
    from alembic.util import DispatchPriority

    from alembic_manage.comparators import register

    register(plugin)
    plugin.add_autogenerate_comparator(_forget_own_tables, "autogenerate", priority=DispatchPriority.LAST)


def ensure_registered() -> None:
    """Register, where the suite runs from a folder instead of an installed distribution."""
    import sys

    from alembic.runtime.plugins import Plugin

    with contextlib.suppress(ValueError):  # it is registered
        Plugin.setup_plugin_from_module(sys.modules[__name__], NAME)


def ledger_name(version_table: str) -> str:
    """The ledger's name: it stands beside the version table, one for each history of a database."""
    return f"{version_table}{LEDGER_SUFFIX}"


def own_table_names(version_table: str) -> tuple[str, ...]:
    """The tables beside a version table that are nobody's models, with the version table: ledger, lock, journal."""
    return version_table, *(f"{version_table}{suffix}" for suffix in (LEDGER_SUFFIX, LOCK_SUFFIX, JOURNAL_SUFFIX))


def _forget_own_tables(autogen_context: Any, upgrade_ops: Any) -> Any:
    """The suite's tables are nobody's models; autogenerate must not propose to drop them."""
    from alembic.operations import ops
    from alembic.util import PriorityDispatchResult

    context = autogen_context.migration_context
    own = {(context.version_table_schema, name) for name in own_table_names(context.version_table)}
    upgrade_ops.ops = [
        operation
        for operation in upgrade_ops.ops
        if not (isinstance(operation, ops.DropTableOp) and (operation.schema, operation.table_name) in own)
    ]
    return PriorityDispatchResult.CONTINUE
