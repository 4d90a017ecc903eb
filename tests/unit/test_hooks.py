"""Hooks: what can be connected, and what the settings may name."""

from __future__ import annotations

import importlib

import pytest

from alembic_manage import SettingsError
from alembic_manage.hooks import Hook, functions_of, named_hooks, pre_migrate


def warn(event):
    """A function of a module."""


@pytest.fixture
def hook() -> Hook:
    return Hook("pre_migrate")


def test_connect_is_a_decorator(hook):
    @hook.connect
    def told(event):
        return event

    assert told("x") == "x"
    assert hook.functions == (told,)


def test_a_function_is_connected_once(hook):
    hook.connect(warn)
    hook.connect(warn)
    assert hook.functions == (warn,)


def test_a_module_that_is_loaded_again_connects_its_new_function(hook, write_module):
    write_module("signals.py", "def tell(event): return 1")
    module = importlib.import_module("signals")
    hook.connect(module.tell)
    importlib.reload(module)
    hook.connect(module.tell)
    assert hook.functions == (module.tell,)


def test_functions_that_one_function_makes_are_all_called(hook):
    def make(number):
        return lambda event: number

    hook.connect(make(1))
    hook.connect(make(2))
    assert [function(None) for function in hook.functions] == [1, 2]


def test_methods_of_two_objects_are_both_called(hook):
    class Counter:
        def count(self, event):
            """Nothing."""

    one, other = Counter(), Counter()
    hook.connect(one.count)
    hook.connect(other.count)
    assert hook.functions == (one.count, other.count)
    assert hook.disconnect(one.count)
    assert hook.functions == (other.count,)


def test_disconnect_tells_whether_it_was_connected(hook):
    hook.connect(warn)
    assert hook.disconnect(warn)
    assert not hook.disconnect(warn)
    assert hook.functions == ()


async def waits(event):
    """Nobody awaits it."""


class Waits:
    async def __call__(self, event):
        """Nobody awaits it."""


@pytest.mark.parametrize(
    ("function", "why"), [(None, "cannot be called"), (waits, "coroutine"), (Waits(), "coroutine")]
)
def test_what_cannot_be_called_is_not_connected(hook, function, why):
    with pytest.raises(TypeError, match=why):
        hook.connect(function)


def test_those_of_the_settings_come_first_and_none_comes_twice(write_module, module_folder):
    write_module("shop/signals.py", "def one(event): ...\ndef two(event): ...")
    named = named_hooks({"pre_migrate": ["shop.signals.one"]}, module_folder)
    signals = importlib.import_module("shop.signals")
    pre_migrate.connect(signals.two)
    pre_migrate.connect(signals.one)
    try:
        assert functions_of("pre_migrate", named) == (signals.one, signals.two)
    finally:
        pre_migrate.disconnect(signals.two)
        pre_migrate.disconnect(signals.one)
    assert functions_of("post_migrate", named) == ()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("warn", "which is not of the form module.function"),
        ("nowhere.warn", "but there is no module 'nowhere'"),
        ("shop.nowhere.warn", "but there is no module 'shop.nowhere'"),
        ("shop.signals.nobody", "but shop.signals has no 'nobody'"),
        ("shop.signals.NUMBER", "which cannot be called"),
        ("shop.signals.waits", "which is a coroutine function"),
        ("shop.broken.warn", r"which cannot be imported: shop/broken\.py:2: ZeroDivisionError"),
        ("shop.lacking.warn", r"which cannot be imported: shop/lacking\.py:1: ModuleNotFoundError: .*absent"),
    ],
)
def test_a_path_that_leads_to_no_function_is_one_line(write_module, module_folder, path, why):
    write_module("shop/signals.py", "NUMBER = 7\nasync def waits(event): ...")
    write_module("shop/broken.py", "\n1 / 0")
    write_module("shop/lacking.py", "import absent")
    with pytest.raises(SettingsError, match=rf"HOOKS\['pre_migrate'\] names '{path}', {why}") as caught:
        named_hooks({"pre_migrate": [path]}, module_folder)
    assert len(str(caught.value).splitlines()) == 1
