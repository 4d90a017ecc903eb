"""What pytest loads in every project where the suite is installed: two settings, an option, and the fixtures' names.

It imports neither SQLAlchemy nor the project, and does nothing until a test asks for a fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from alembic_manage.project import Project

SETTINGS, DOWNGRADE_TO = "alembic_manage_settings", "alembic_manage_downgrade_to"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--keepdb`, and what pytest.ini may say."""
    group = parser.getgroup("alembic-manage")
    group.addoption("--keepdb", action="store_true", help="keep the test database for the next run")
    parser.addini(SETTINGS, "the settings module; default: SETTINGS_MODULE, else 'settings'", default="")
    parser.addini(DOWNGRADE_TO, "the migration that the ready test goes down to; default: zero", default="zero")


def pytest_configure(config: pytest.Config) -> None:
    """Offer the fixtures; not beside pytest-django, whose `db` has the same name."""
    if not config.pluginmanager.hasplugin("django"):
        from alembic_manage.testing import fixtures

        if not config.pluginmanager.is_registered(fixtures):
            config.pluginmanager.register(fixtures, "alembic_manage_fixtures")


def project_of(config: pytest.Config) -> Project:
    """The project whose tests run.

    Raises:
        SettingsError: there is no usable settings module.
    """
    from alembic_manage.project import Project
    from alembic_manage.settings.settings_module import add_to_path, settings_module_name

    add_to_path(str(config.rootpath))
    return Project.load(config.getini(SETTINGS) or settings_module_name())
