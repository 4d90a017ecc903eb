"""What the suite adds to Alembic's autogenerate, plain `alembic revision --autogenerate` included.

Loaded by Alembic through the entry point group "alembic.plugins". Its name lies below "alembic.autogenerate", as only
names there are switched on without a word in env.py. Source: Alembic 1.20, EnvironmentContext.configure,
autogenerate_plugins.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

NAME = "alembic.autogenerate.alembic_manage"
LEDGER_SUFFIX = "_ledger"
LOCK_SUFFIX = "_lock"
JOURNAL_SUFFIX = "_journal"
KEPT_SUFFIX = "_kept"
TEST_MARK = "alembic_manage_test_database"
"""The table of a database that was made for tests."""
MANAGED = "managed"
"""The key of a table's info that is False where no migration may make or change it."""


def setup(plugin: Any) -> None:
    """Register the suite's comparators; called by Alembic."""
    from alembic.util import DispatchPriority

    from alembic_manage.comparators import register

    register(plugin)
    plugin.add_autogenerate_comparator(_forget_own_tables, "autogenerate", priority=DispatchPriority.LAST)


class _Plugin(ModuleType):
    """What the entry point names: a module, and a collection of one, for Alembic iterates over it before 1.20.1.

    Source: Alembic 1.18.0 to 1.20.1, runtime/plugins.py, _setup.
    """

    setup = staticmethod(setup)

    def __iter__(self) -> Iterator[ModuleType]:
        yield self


PLUGIN = _Plugin(NAME)


def ensure_registered() -> None:
    """Register, where the suite runs from a folder instead of an installed distribution."""
    from alembic.runtime.plugins import Plugin

    with contextlib.suppress(ValueError):  # it is registered
        Plugin.setup_plugin_from_module(PLUGIN, NAME)


class OwnTables:
    """The names of the tables beside a version table that are nobody's models: ledger, lock, journal, what was kept.

    Args:
        version_table: its name; it is one of them.
    """

    def __init__(self, version_table: str) -> None:
        suffixes = (LEDGER_SUFFIX, LOCK_SUFFIX, JOURNAL_SUFFIX, KEPT_SUFFIX)
        self._names = {version_table, TEST_MARK, *(f"{version_table}{suffix}" for suffix in suffixes)}
        self._kept = re.compile(rf"{re.escape(version_table)}{KEPT_SUFFIX}_\d+")

    def __contains__(self, name: object) -> bool:
        return name in self._names or self._kept.fullmatch(str(name)) is not None


def _forget_own_tables(autogen_context: Any, upgrade_ops: Any) -> Any:
    """The suite's tables are nobody's models; autogenerate must not propose to drop them."""
    from alembic.operations import ops
    from alembic.util import PriorityDispatchResult

    context = autogen_context.migration_context
    own = OwnTables(context.version_table)

    def is_own(operation: Any) -> bool:
        is_drop = isinstance(operation, ops.DropTableOp) and operation.schema == context.version_table_schema
        return is_drop and operation.table_name in own

    unmanaged = {(table.schema, table.name) for table in _tables(autogen_context.metadata) if not is_managed(table)}
    kept = [operation for operation in upgrade_ops.ops if not is_own(operation)]
    upgrade_ops.ops = [each for each in kept if (getattr(each, "schema", None), _table_name(each)) not in unmanaged]
    return PriorityDispatchResult.CONTINUE


def is_managed(table: Any) -> bool:
    """Whether migrations make and change a model's table; `info={"managed": False}` says no, as for a view."""
    return table.info.get(MANAGED) is not False


def _tables(metadata: Any) -> list[Any]:
    found = metadata if isinstance(metadata, list | tuple) else [metadata]
    return [table for each in found if each is not None for table in each.tables.values()]


def _table_name(operation: Any) -> Any:
    return getattr(operation, "table_name", None) or getattr(operation, "source_table", None)
