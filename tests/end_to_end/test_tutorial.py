"""The tutorial, typed from its first line to its last: what the page shows is what the screen shows."""

from pathlib import Path

from support.projects import ROOT
from support.tutorial import Command, Edit, Player, comparable, steps_of

PAGE = ROOT / "docs" / "tutorial.md"
SUBJECTS = ("startproject", "makemigrations", "migrate", "showmigrations", "sqlmigrate", "rollback", "test")


def test_tutorial_shows_what_the_screen_shows(tmp_path: Path) -> None:
    player = Player(tmp_path)
    for step in steps_of(PAGE.read_text(encoding="utf-8")):
        if isinstance(step, Edit):
            step.make(player.folder)
        else:
            assert comparable(player.type(step)) == comparable(step.screen), step.line


def test_tutorial_has_each_of_the_daily_commands() -> None:
    typed = {
        word
        for step in steps_of(PAGE.read_text(encoding="utf-8"))
        if isinstance(step, Command)
        for word in step.line.split()
    }
    assert typed.issuperset(SUBJECTS)


def test_every_block_of_the_tutorial_is_played() -> None:
    """No fence that the player would pass over, and no command in one that it would not see."""
    page = PAGE.read_text(encoding="utf-8")
    fences = [line for line in page.splitlines() if line.startswith("```") and line != "```"]
    commands = sum(line.startswith("$ ") for line in page.splitlines())
    steps = list(steps_of(page))
    edits = [step for step in steps if isinstance(step, Edit)]
    assert len(edits) + sum(fence == "```console" for fence in fences) == len(fences)
    assert len(steps) - len(edits) == commands
