"""What `manage.py test` makes of its words."""

from __future__ import annotations

import importlib.util

import pytest

from alembic_manage import CommandError, UsageError
from alembic_manage.commands import test as command_module


def words_for_pytest(monkeypatch: pytest.MonkeyPatch, *argv: str) -> list[str]:
    """What pytest is called with."""
    called: list[list[str]] = []

    def run_child(child: list[str], *_: object) -> int:
        called.append(child)
        return 0

    monkeypatch.setattr(command_module, "run_child", run_child)
    command_module.Command().run("manage.py", "test", argv)
    return called[0][3:]


@pytest.mark.parametrize(
    ("typed", "handed_on"),
    [
        ("tests/unit -x", "tests/unit -x"),
        ("--keepdb tests", "--keepdb tests"),
        ("--parallel 3 -x", "-n 3 -x"),
        ("--parallel=3", "-n 3"),
        ("--parallel auto", "-n auto"),
        ("--parallel", "-n auto"),
        ("--parallel tests/unit", "-n auto tests/unit"),
        ("--parallel --keepdb", "--keepdb -n auto"),
        ("--parallel 1", ""),
        ("-n 2", "-n 2"),
        ("-- --parallel", "--parallel"),
    ],
)
def test_words(monkeypatch: pytest.MonkeyPatch, typed: str, handed_on: str):
    assert words_for_pytest(monkeypatch, *typed.split()) == handed_on.split()


@pytest.mark.parametrize("count", ["0", "x", "-1"])
def test_no_number_of_processes(monkeypatch: pytest.MonkeyPatch, count: str):
    with pytest.raises(UsageError, match="takes a number of processes"):
        words_for_pytest(monkeypatch, f"--parallel={count}")


def test_without_xdist_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "xdist" else found(name))
    with pytest.raises(CommandError, match="needs pytest-xdist") as caught:
        words_for_pytest(monkeypatch, "--parallel", "2")
    assert caught.value.hint == "pip install pytest-xdist"
