"""Who compares enum types, where another package does it too."""

from __future__ import annotations

import sys

OTHERS = ("alembic_postgresql_enum",)
"""Packages that compare enum types, make and drop them; a project that imports one has chosen it."""


def another_compares_enums() -> bool:
    """Whether a package that compares enum types is imported, so that the suite leaves them to it."""
    return any(name in sys.modules for name in OTHERS)
