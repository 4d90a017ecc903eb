"""Commands on a terminal, with a person who answers."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence

import pexpect

from support.projects import ProjectFolder, Result, heed_ctrl_c

TIMEOUT_S = 120
CTRL_C = "\x03"
CTRL_D = "\x04"


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
    with warnings.catch_warnings():
        # Python 3.12 and later warn of forkpty() in a process with threads, which every pytest-xdist worker is.
        warnings.simplefilter("ignore", DeprecationWarning)
        terminal = pexpect.spawn(
            sys.executable,
            ["manage.py", *args],
            cwd=str(project.path),
            env=project.environment({"TERM": "xterm"} | dict({"NO_COLOR": "1"} if env is None else env)),
            encoding="utf-8",
            timeout=TIMEOUT_S,
            dimensions=(50, 200),
            preexec_fn=heed_ctrl_c,
        )
    screen = ""
    for question, answer in answers.items() if isinstance(answers, Mapping) else answers:
        terminal.expect_exact(question)
        screen += terminal.before + terminal.after
        if answer in (CTRL_C, CTRL_D):
            terminal.send(answer)
        else:
            terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    screen += terminal.before
    terminal.close()
    return Result(terminal.exitstatus, screen.replace("\r\n", "\n"), "")
