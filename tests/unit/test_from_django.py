"""docs/from-django.md names every command of Django's, and each flag of those that are here, and speaks of no other."""

from __future__ import annotations

import argparse
import re
from functools import cache

import pytest
from support.projects import ROOT

from alembic_manage.catalog import find_commands

PAGE = (ROOT / "docs" / "from-django.md").read_text(encoding="utf-8")
APPS = [f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "staticfiles")]
COMMON = {"help", "version", "verbosity", "settings", "pythonpath", "traceback"}
COMMON |= {"no_color", "force_color", "skip_checks"}
OURS = set(find_commands([]))
SECTIONS = set(re.findall(r"^## ([a-z]+)$", PAGE, flags=re.MULTILINE))
OF_PYTEST = {"-k", "--pdb"}


@pytest.fixture
def django_commands() -> dict[str, argparse.ArgumentParser]:
    """The parsers of Django's commands, by name; skipped by name where Django is not installed."""
    django = pytest.importorskip("django", reason="Django: not installed; pip install 'django>=5.2,<5.3'")
    if django.VERSION[:2] != (5, 2):
        pytest.skip(f"Django: the page describes 5.2, and {django.__version__} is installed")
    return _parsers()


@cache
def _parsers() -> dict[str, argparse.ArgumentParser]:
    import django
    from django.conf import settings
    from django.core.management import get_commands, load_command_class

    if not settings.configured:
        settings.configure(INSTALLED_APPS=APPS)
    django.setup()
    commands = get_commands().items()
    return {name: load_command_class(app, name).create_parser("manage.py", name) for name, app in commands}


def rows(section: str) -> list[tuple[str, str]]:
    """The first two columns of a section's tables."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (`[^|]*) \| ([^|]*) \|", text, flags=re.MULTILINE)


def names_in(cell: str) -> set[str]:
    """The names in a cell; those in parentheses explain the one before."""
    return set(re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cell)))


def commands_of_the_page() -> set[str]:
    return {first.strip("`") for first, _ in rows("Commands")}


def test_page_lists_the_commands_of_django(django_commands: dict[str, argparse.ArgumentParser]) -> None:
    assert commands_of_the_page() == set(django_commands)


def test_page_says_which_commands_are_here() -> None:
    assert {first.strip("`") for first, second in rows("Commands") if second != "—"} == commands_of_the_page() & OURS


def test_page_names_the_commands_that_only_we_have() -> None:
    only = re.findall(r"`(\w+)`", PAGE.split("\nOnly here: ")[1].split("\n")[0])
    assert set(only) == OURS - commands_of_the_page()


@pytest.mark.parametrize("command", sorted(SECTIONS))
def test_page_lists_the_flags_of(command: str, django_commands: dict[str, argparse.ArgumentParser]) -> None:
    actions = [action for action in django_commands[command]._actions if action.dest not in COMMON]
    flags = {name for action in actions for name in action.option_strings or [action.dest]}
    assert set().union(*(names_in(first) for first, _ in rows(command))) == flags


@pytest.mark.parametrize("command", sorted(SECTIONS & OURS))
def test_flags_that_are_the_same_are_here(command: str) -> None:
    actions = find_commands([])[command].load().create_parser("manage.py", command)._actions
    same = set().union(*(names_in(first) for first, second in rows(command) if second == "the same"))
    missing = {name for name in same if name.startswith("-")} - {
        name for each in actions for name in each.option_strings
    }
    assert missing <= (OF_PYTEST if command == "test" else set())
