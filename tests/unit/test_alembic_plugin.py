"""What Alembic loads through an entry point, whichever way its version does it."""

import tomllib
from importlib import import_module
from types import ModuleType
from unittest.mock import Mock

from support.projects import ROOT

from alembic_manage.alembic_plugin import NAME, PLUGIN


def test_the_plugin_is_a_module_and_a_collection_of_it():
    assert isinstance(PLUGIN, ModuleType)
    assert list(PLUGIN) == [PLUGIN]


def test_the_entry_point_names_it():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, attribute = metadata["project"]["entry-points"]["alembic.plugins"][NAME].partition(":")
    assert getattr(import_module(module), attribute) is PLUGIN


def test_setting_it_up_registers_comparators():
    plugin = Mock()
    PLUGIN.setup(plugin)
    assert plugin.add_autogenerate_comparator.called
