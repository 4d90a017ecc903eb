"""Settings beside their defaults."""

import json

from alembic_manage.settings.settings import DEFAULTS
from alembic_manage.settings_diff import Difference, State, settings_diff


def states(values, defaults=None):
    return {difference.name: difference.state for difference in settings_diff(values, defaults or {})}


def test_each_setting_is_added_changed_or_the_default():
    assert states({"INSTALLED_APPS": ["a"], "METADATA": [], "DEBUG": True}) == {
        "DATABASES": State.SAME,
        "HOOKS": State.SAME,
        "DEBUG": State.ADDED,
        "INSTALLED_APPS": State.CHANGED,
        "METADATA": State.SAME,
        "APPLICATION_VERSION": State.SAME,
        "MIGRATIONS_DIR": State.SAME,
        "MIGRATION_TYPES": State.SAME,
        "MIGRATION_IDS": State.SAME,
        "VERSION_LOCATIONS": State.SAME,
        "ALEMBIC_INI": State.SAME,
        "ENV_CONTEXT": State.SAME,
        "FIXTURE_DIRS": State.SAME,
        "NATURAL_KEYS": State.SAME,
        "LINT": State.SAME,
        "ZERO_DOWNTIME": State.SAME,
    }


def test_another_module_takes_the_place_of_the_defaults():
    found = states({"INSTALLED_APPS": ["a"], "DEBUG": True}, {"INSTALLED_APPS": ["a"], "DEBUG": False})
    assert found["INSTALLED_APPS"] is State.SAME
    assert found["DEBUG"] is State.CHANGED


def test_names_are_in_order():
    names = [difference.name for difference in settings_diff({"Z": 1, "A": 1}, {})]
    assert names == sorted(["A", "Z", *DEFAULTS])


def test_both_sides_are_without_their_passwords():
    url = "postgresql://u:hunter2@h/d"
    found = settings_diff({"DATABASES": {"default": {"URL": url}}, "SECRET_KEY": "hunter2"}, {"DATABASES": {"x": url}})
    assert "hunter2" not in repr(found)


def test_two_passwords_that_differ_are_a_change_although_they_look_the_same():
    (difference,) = [each for each in settings_diff({"TOKEN": "a"}, {"TOKEN": "b"}) if each.name == "TOKEN"]
    assert difference.state is State.CHANGED
    assert difference.value == difference.default


def test_json_holds_what_json_knows_and_text_for_the_rest(tmp_path):
    value = {"path": tmp_path, "pair": (1, None), "set": {"b", "a"}, 3: True}
    shape = Difference("X", State.ADDED, value).as_json()
    assert json.loads(json.dumps(shape)) == {
        "name": "X",
        "state": "added",
        "value": {"path": str(tmp_path), "pair": [1, None], "set": ["a", "b"], "3": True},
        "default": None,
    }
