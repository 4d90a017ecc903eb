"""Who compares enum types, where another package does it too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin

OTHERS = ("alembic_postgresql_enum",)
"""Packages that compare enum types, make and drop them; a project that imports one has chosen it."""


def setup(plugin: Plugin) -> None:
    """Nothing to register: it is asked by those that would do the same."""


def another_compares_enums() -> bool:
    """Whether a package that compares enum types is imported, so that the suite leaves them to it."""
    return any(name in sys.modules for name in OTHERS)
