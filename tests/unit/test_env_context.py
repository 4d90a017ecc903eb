"""ENV_CONTEXT: what env.py runs inside of."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from alembic_manage import Project, SettingsError
from alembic_manage.env_context import env_context

CONTEXTS = """
from contextlib import contextmanager

@contextmanager
def around(config):
    config.seen = ["entered"]
    yield
    config.seen.append("left")

def nothing(config):
    return 3

number = 3
"""


@pytest.fixture
def context_of(write_module: Any, module_folder: Any) -> Any:
    """The context manager for a value of ENV_CONTEXT."""
    write_module("tried_contexts.py", CONTEXTS)
    write_module("broken_context.py", "1 / 0")

    def found(path: str | None, config: object = None) -> Any:
        project = SimpleNamespace(settings=SimpleNamespace(env_context=path), root=module_folder)
        return env_context(cast("Project", project), cast("Any", config))

    return found


def test_it_is_called_with_alembics_config_and_entered(context_of: Any) -> None:
    config = SimpleNamespace()
    with context_of("tried_contexts.around", config):
        assert config.seen == ["entered"]
    assert config.seen == ["entered", "left"]


def test_without_one_nothing_is_done(context_of: Any) -> None:
    with context_of(None):
        pass


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("around", "not of the form module.function"),
        ("tried_contexts.other", "has no function 'other'"),
        ("tried_contexts.number", "has no function 'number'"),
        ("tried_contexts.nothing", "returns a int and no context manager"),
        ("broken_context.around", "broken_context.py:1: ZeroDivisionError"),
        ("no_such_module.around", "ModuleNotFoundError"),
    ],
)
def test_a_wrong_one_is_told(context_of: Any, path: str, why: str) -> None:
    with pytest.raises(SettingsError, match="ENV_CONTEXT names") as raised:
        context_of(path)
    assert why in str(raised.value)
