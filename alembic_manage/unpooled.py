"""Engines whose connections are closed after each use, so that nothing stays open between tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import NullPool


def without_pool(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an engine without those of its pool, and with none.

    Args:
        options: for `create_engine`.
    """
    kept = {name: value for name, value in options.items() if not name.startswith(("pool_", "max_overflow"))}
    return {**kept, "poolclass": NullPool}
