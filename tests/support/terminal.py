"""Commands on a terminal, with a person who answers."""

from __future__ import annotations

import os
import termios
import time
from collections.abc import Mapping, Sequence

import pexpect
from pexpect.fdpexpect import fdspawn

from support.nursery import TIMEOUT_S, nursery
from support.projects import ROOT, ProjectFolder, Result

CTRL_C = "\x03"
CTRL_D = "\x04"
SIZE = (50, 200)
# Nobody answers in no time; a program may still be about to read.
PAUSE_S = 0.05


def on_terminal(
    project: ProjectFolder,
    *args: str,
    answers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
) -> Result:
    """`python manage.py ARGS` on a terminal, to its end; all that the screen showed is its standard output.

    Args:
        project: where.
        args: the arguments.
        answers: what is typed, once each of these texts is on the screen, in their order; pairs for a text that
            comes twice.
        env: more variables; without any the screen has no colours.
    """
    environment = project.environment({"TERM": "xterm"} | dict({"NO_COLOR": "1"} if env is None else env))
    ours, theirs = os.openpty()
    termios.tcsetwinsize(ours, SIZE)
    command = nursery(str(ROOT))
    command.begin(["manage.py", *args], project.path, environment, terminal=os.ttyname(theirs))
    os.close(theirs)
    terminal = fdspawn(ours, encoding="utf-8", timeout=TIMEOUT_S)
    screen = ""
    try:
        for question, answer in answers.items() if isinstance(answers, Mapping) else answers:
            terminal.expect_exact(question)
            screen += terminal.before + terminal.after
            time.sleep(PAUSE_S)
            terminal.send(answer if answer in (CTRL_C, CTRL_D) else f"{answer}\n")
        terminal.expect(pexpect.EOF)
    finally:
        terminal.close()  # which ends the command, where it is still there
        done = command.end()
    return Result(done.returncode, (screen + terminal.before).replace("\r\n", "\n"), "")
