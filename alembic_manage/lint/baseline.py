"""Findings that a project lives with: old ones, in a file to read, edit and commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.atomic_file import write_atomically
from alembic_manage.errors import CommandError

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding

NAME = "lint_baseline.txt"
"""The file beside env.py that counts where no other is named."""
_HEADER = (
    "# Findings of `manage.py lint` that this project lives with: migration, rule, object.\n"
    "# Written by: python manage.py lint --write-baseline\n"
)
_NOTHING = "-"


def line_of(finding: Finding) -> str:
    """The line that a baseline has for a finding; several findings may share one."""
    return f"{finding.revision or _NOTHING} {finding.rule} {finding.subject or _NOTHING}"


def read_baseline(path: Path) -> frozenset[str]:
    """The lines of a baseline; none where there is no such file.

    Raises:
        CommandError: it cannot be read.
    """
    if not path.exists():
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}", hint=f"rm {path}") from error
    return frozenset(" ".join(line.split()) for line in lines if line.strip() and not line.startswith("#"))


def write_baseline(path: Path, findings: Iterable[Finding]) -> int:
    """Write the findings as a baseline; how many lines it has.

    Raises:
        CommandError: it cannot be written.
    """
    lines = list(dict.fromkeys(line_of(finding) for finding in findings))
    try:
        write_atomically(path, _HEADER + "".join(f"{line}\n" for line in lines))
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}", hint="name another file after the option") from error
    return len(lines)


def without_known(findings: Sequence[Finding], known: frozenset[str]) -> list[Finding]:
    """The findings that the baseline does not have."""
    return [finding for finding in findings if line_of(finding) not in known]
