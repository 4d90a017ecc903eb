"""A page of docs/ that is played: its edits are made, its commands typed in a terminal, its answers given."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect

from support.projects import ROOT, heed_ctrl_c

TIMEOUT_S = 120
BLOCK = re.compile(
    r'(?:^<!-- picture: (\w+) -->\n)?^```(console|python|diff)(?: title="([^"]+)")?\n(.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
COLOUR = re.compile(r"\x1b\[[\d;]*m")
QUESTION = re.compile(r"(.*(?:Your answer \([^)]+\):|\[y/n\]|, such as \S+:)) (\S+)")
VARIABLE = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),  # when a migration was applied
    (r"\bin \d+\.\d+s\b", "in SECONDS"),  # how long pytest took
)
"""What differs from run to run."""
NOT_INHERITED = ("DATABASE_URL", "SETTINGS_MODULE", "SQL_ECHO", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS")


@dataclass(frozen=True)
class Edit:
    """A change of a file, as the page shows it."""

    file: str
    removed: str
    added: str
    """With nothing removed, `added` goes to the end of the file."""

    def make(self, folder: Path) -> None:
        """Change the file; what is removed must be there once."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        if self.removed:
            assert text.count(self.removed) == 1, f"{self.file} has not once: {self.removed}"
        text = text.replace(self.removed, self.added) if self.removed else text + self.added
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Command:
    """A line that is typed, and what the page says that the screen shows then, answers included."""

    line: str
    screen: str
    picture: str = ""
    """The name of the picture that shows it, in docs/pictures/."""

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The questions on the screen, each with what is typed behind it."""
        found = (QUESTION.fullmatch(line) for line in self.screen.splitlines())
        return [(match[1], match[2]) for match in found if match]


def steps_of(page: str) -> Iterator[Edit | Command]:
    """The edits and commands of a page, in their order."""
    for picture, kind, title, text in BLOCK.findall(page):
        if kind == "console":
            yield from _commands(text, picture)
        else:
            yield _edit(title, text)


def _commands(text: str, picture: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, screen = part.partition("\n")
        yield Command(line, screen, picture)


def _edit(title: str, text: str) -> Edit:
    file, _, where = title.partition(", ")
    if where:
        assert where == "at the end", title
        return Edit(file, "", f"\n\n{text}")
    removed, added = (
        "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] in (sign, " ")) for sign in "-+"
    )
    return Edit(file, removed, added)


class Player:
    """Types commands in a terminal of 80 columns.

    Args:
        folder: where it begins; `cd` goes on from there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def play(self, page: str) -> list[tuple[Command, str]]:
        """Make the edits and type the commands of a page; the commands, each with what the screen showed."""
        played: list[tuple[Command, str]] = []
        for step in steps_of(page):
            if isinstance(step, Edit):
                step.make(self.folder)
            else:
                played.append((step, self.type(step)))
        return played

    def type(self, command: Command) -> str:
        """All that the screen shows after the command, colours too; it must end with exit code 0."""
        if command.line.startswith("cd "):
            self.folder = self.folder / command.line.removeprefix("cd ")
            return ""
        terminal = self._terminal(command.line)
        screen = ""
        for question, answer in command.answers:
            terminal.expect_exact(question)
            screen += terminal.before + terminal.after
            terminal.sendline(answer)
        terminal.expect(pexpect.EOF)
        screen += terminal.before
        terminal.close()
        assert terminal.exitstatus == 0, f"{command.line}: exit code {terminal.exitstatus}\n{screen}"
        return screen.replace("\r\n", "\n")

    def _terminal(self, line: str) -> pexpect.spawn[str]:
        with warnings.catch_warnings():
            # Python 3.12 and later warn of forkpty() in a process with threads, which every pytest-xdist worker is.
            warnings.simplefilter("ignore", DeprecationWarning)
            return pexpect.spawn(
                "/bin/sh",
                ["-c", line],
                cwd=str(self.folder),
                env=self._environment(),
                encoding="utf-8",
                timeout=TIMEOUT_S,
                dimensions=(50, 80),
                preexec_fn=heed_ctrl_c,
            )

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        # Edits come within a second, and a .pyc file is told from an older one by the second and the size.
        ours = {"TERM": "xterm", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return inherited | ours | {"PATH": path}


def comparable(screen: str) -> list[str]:
    """The lines of a screen, without colours, blanks at their ends, and what differs from run to run."""
    screen = COLOUR.sub("", screen)
    for pattern, name in VARIABLE:
        screen = re.sub(pattern, name, screen)
    return [line.rstrip() for line in screen.rstrip().splitlines()]
