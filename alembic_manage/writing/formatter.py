"""Formats the text of a revision file with ruff or black, whichever is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT_S = 30


def formatted(text: str, path: Path) -> str:
    """`text` as ruff or black, whichever is installed, would have it; as it is where neither is, or it fails."""
    for command in _sorters(path):
        text = _output(command, text) or text
    for command in _formatters(path):
        found = _output(command, text)
        if found:
            return found
    return text


def _output(command: Sequence[str], text: str) -> str:
    """What a program makes of `text`; empty where it fails."""
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _sorters(path: Path) -> list[list[str]]:
    """What puts imports in their order: the project's own, where ruff knows it."""
    return _installed({"ruff": ["check", "--select", "I", "--fix", "--quiet", "--stdin-filename", str(path), "-"]})


def _formatters(path: Path) -> list[list[str]]:
    return _installed(
        {
            "ruff": ["format", "--stdin-filename", str(path), "-"],
            "black": ["--quiet", "--stdin-filename", str(path), "-"],
        }
    )


def _installed(commands: Mapping[str, list[str]]) -> list[list[str]]:
    """The command lines of those programs that are there."""
    beside_python = str(Path(sys.executable).parent)
    found = ((name, shutil.which(name, path=beside_python) or shutil.which(name)) for name in commands)
    return [[program, *commands[name]] for name, program in found if program]
