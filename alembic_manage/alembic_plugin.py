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


def setup(plugin: Any) -> None:
    """Register the suite's comparators; called by Alembic."""
    from alembic.util import DispatchPriority

    from alembic_manage.comparators import register

    register(plugin)
    plugin.add_autogenerate_comparator(_forget_ledger, "autogenerate", priority=DispatchPriority.LAST)


def ensure_registered() -> None:
    """Register, where the suite runs from a folder instead of an installed distribution."""
    import sys

    from alembic.runtime.plugins import Plugin

    with contextlib.suppress(ValueError):  # it is registered
        Plugin.setup_plugin_from_module(sys.modules[__name__], NAME)


def ledger_name(version_table: str) -> str:
    """The ledger's name: it stands beside the version table, one for each history of a database."""
    return f"{version_table}{LEDGER_SUFFIX}"


def _forget_ledger(autogen_context: Any, upgrade_ops: Any) -> Any:
    """The ledger is nobody's model; autogenerate must not propose to drop it."""
    from alembic.operations import ops
    from alembic.util import PriorityDispatchResult

    context = autogen_context.migration_context
    ledger = (context.version_table_schema, ledger_name(context.version_table))
    upgrade_ops.ops = [
        operation
        for operation in upgrade_ops.ops
        if not (isinstance(operation, ops.DropTableOp) and (operation.schema, operation.table_name) == ledger)
    ]
    return PriorityDispatchResult.CONTINUE
