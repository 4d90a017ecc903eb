"""What Alembic's autogenerate does not see: one element a file, with functions that @compares registers.

They are Alembic comparators like Alembic's own, so plain `alembic revision --autogenerate` has them too. Each looks at
the database through Alembic's inspector, which shows a real database or the history state.

Alembic calls those that are registered for a dialect before those for all dialects, within one priority; and a
comparator that answers STOP ends its group. That is how one here takes the place of one of Alembic's.
Source: Alembic 1.20, PriorityDispatcher.dispatch.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.plugins import Plugin
    from alembic.util import PriorityDispatchResult


def register(plugin: Plugin) -> None:
    """Register every comparator of this folder, in the order of the files' names.

    The files are imported by the first comparison: Alembic loads its plugins while it is being imported itself.
    """
    from alembic.util import DispatchPriority

    plugin.add_autogenerate_comparator(_load, "autogenerate", "alembic_manage", priority=DispatchPriority.FIRST)


def _load(autogen_context: AutogenContext, upgrade_ops: Any) -> PriorityDispatchResult:
    """Register the comparators for this comparison."""
    from alembic.util import PriorityDispatchResult

    from alembic_manage.comparators.comparator import comparators_of

    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for comparator in comparators_of(module.__name__):
            comparator.register(autogen_context)
    return PriorityDispatchResult.CONTINUE
