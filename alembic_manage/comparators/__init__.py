"""What Alembic's autogenerate does not see: one element a file, each with a `setup(plugin)` that registers it.

They are Alembic comparators like Alembic's own, so plain `alembic revision --autogenerate` has them too. Each looks at
the database through Alembic's inspector, which shows a real database or the history state.

Alembic calls those that are registered for a dialect before those for all dialects, within one priority; and a
comparator that answers STOP ends its group. That is how one here takes the place of one of Alembic's.
Source: Alembic 1.20, PriorityDispatcher.dispatch.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin


def register(plugin: Plugin) -> None:
    """Register every comparator of this folder, in the order of the files' names."""
    for found in pkgutil.iter_modules(__path__):
        setup = getattr(importlib.import_module(f"{__name__}.{found.name}"), "setup", None)
        if setup is not None:
            setup(plugin)
