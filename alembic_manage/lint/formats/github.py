"""For GitHub Actions: annotations of the lines in a pull request.

Source: GitHub documentation, "Workflow commands for GitHub Actions", Setting an error message.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.lint.summary import summary, unseen_lines
from alembic_manage.location import display_path

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding
    from alembic_manage.lint.run import LintRun


def render(run: LintRun, root: Path) -> str:
    """A command a finding, then lines that people read in the log."""
    commands = [_command(finding, root) for finding in run.result.findings]
    return "\n".join([*commands, *unseen_lines(run, root), summary(run)])


def _command(finding: Finding, root: Path) -> str:
    properties = {"title": finding.label}
    if finding.path is not None:
        properties = {"file": display_path(finding.path, root), "line": str(finding.line or 1), **properties}
    parts = [finding.message, *[f"Lock: {finding.lock}"] * bool(finding.lock)]
    parts += [f"Instead:\n{finding.fix}"] if finding.fix else []
    shown = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{finding.severity.word} {shown}::{_escaped(chr(10).join(parts))}"


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
