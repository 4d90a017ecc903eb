"""The tutorial, typed from its first line to its last: what the page and its pictures show is what the screen shows."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from support.projects import ROOT
from support.tutorial import Command, Edit, Player, comparable, steps_of

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "pictures"
SUBJECTS = ("startproject", "makemigrations", "migrate", "showmigrations", "sqlmigrate", "rollback", "test")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Command, str]]:
    """The commands of the page, each with what the screen showed."""
    return Player(tmp_path_factory.mktemp("tutorial")).play(PAGE)


def load_pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tutorial_shows_what_the_screen_shows(played: list[tuple[Command, str]]) -> None:
    for command, screen in played:
        assert comparable(screen) == comparable(command.screen), command.line


def test_pictures_show_what_the_screen_shows(played: list[tuple[Command, str]]) -> None:
    pictures = load_pictures()
    drawn = {name: pictures.picture_of(name, screen) for name, screen in pictures.screens_of(played).items()}
    assert drawn == {path.stem: path.read_text(encoding="utf-8") for path in PICTURES.glob("*.svg")}, (
        "run: python docs/pictures.py"
    )


def test_tutorial_has_each_of_the_daily_commands() -> None:
    typed = {word for step in steps_of(PAGE) if isinstance(step, Command) for word in step.line.split()}
    assert typed.issuperset(SUBJECTS)


def test_every_block_of_the_tutorial_is_played() -> None:
    fences = [line for line in PAGE.splitlines() if line.startswith("```") and line != "```"]
    lines = [line for line in PAGE.splitlines() if line.startswith("$ ")]
    steps = list(steps_of(PAGE))
    edits = [step for step in steps if isinstance(step, Edit)]
    assert len(edits) + fences.count("```console") == len(fences)
    assert len(steps) - len(edits) == len(lines)
