"""Takes the plugins of other tests out of the way: some register with SQLAlchemy for as long as the process lives."""

import pytest

from alembic_manage.unchanged import hooks

INSTALLED = ("geoalchemy2", "alembic_utils", "alembic_postgresql_enum")


@pytest.fixture
def no_strangers(monkeypatch):
    """What other tests have imported takes no part in comparisons; what the test itself registers does."""
    monkeypatch.setattr(hooks, "_OURS", (*hooks._OURS, *INSTALLED))
