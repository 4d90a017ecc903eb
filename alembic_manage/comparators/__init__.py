"""What Alembic's autogenerate does not see: one element a file, each with a `setup(plugin)` that registers it.

They are Alembic comparators like Alembic's own, so plain `alembic revision --autogenerate` has them too. Each looks at
the database through Alembic's inspector, which shows a real database or the history state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin


def register(plugin: Plugin) -> None:
    """Register every comparator of this folder."""
