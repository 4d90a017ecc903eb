"""The LINT setting is checked for shape."""

from __future__ import annotations

import pytest

from alembic_manage.errors import SettingsError
from alembic_manage.settings.lint_settings import LintSettings, lint_settings


def test_nothing_said_means_the_defaults() -> None:
    assert lint_settings("settings", {}) == LintSettings(None, {}, "off")


def test_everything_said_is_kept() -> None:
    value = {"BASE": "develop", "IGNORE": {"adding-index": "small tables"}, "ON_MIGRATE": "refuse"}
    assert lint_settings("settings", value) == LintSettings("develop", {"adding-index": "small tables"}, "refuse")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "LINT in settings must be a dict."),
        ({"IGNORED": {}}, "LINT in settings has no key 'IGNORED'."),
        ({"ON_MIGRATE": "ask"}, "must be 'off', 'warn' or 'refuse'"),
        ({"BASE": 1}, "must be a branch"),
        ({"IGNORE": ["adding-index"]}, "the reason for each rule"),
        ({"IGNORE": {"adding-index": " "}}, "the reason for each rule"),
    ],
)
def test_wrong_shape_is_refused(value: object, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        lint_settings("settings", value)
