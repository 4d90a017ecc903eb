"""The errors of test databases."""

from __future__ import annotations

from alembic_manage.errors import CommandError


class TestDatabaseError(CommandError):
    """There is no test database: it is in use, belongs to somebody else, or cannot be made."""

    __test__ = False
