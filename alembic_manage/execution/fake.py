"""Which steps are recorded without being run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from alembic_manage.plan import Step

if TYPE_CHECKING:
    from sqlalchemy import Connection

FakePolicy = Callable[["Connection", Step], bool]
"""Whether to record a step without running it."""


def run_all(connection: Connection, step: Step) -> bool:
    """No step is faked."""
    return False


def fake_all(connection: Connection, step: Step) -> bool:
    """Every step is faked."""
    return True
