"""A run in a few words, for the formats that people read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.lint.finding import Finding, Severity, Size
from alembic_manage.location import display_path
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.lint.run import LintRun


def place(finding: Finding, root: Path) -> str:
    """ "alembic_database/versions/0007.py:14"; empty where the finding is about the history."""
    if finding.path is None:
        return ""
    return display_path(finding.path, root) + (f":{finding.line}" if finding.line else "")


def summary(run: LintRun) -> str:
    """One line: what was looked at, and what was found."""
    result = run.result
    counts = [
        counted(sum(each.severity is severity for each in result.findings), severity.word)
        for severity in sorted(Severity, reverse=True)
    ]
    aside = [f"{result.silenced} silenced"] * bool(result.silenced) + [f"{run.known} in the baseline"] * bool(run.known)
    found = ", ".join(counts) if result.findings else "no findings"
    looked_at = counted(len(result.revisions), "migration")
    return f"{looked_at} ({run.selection.why}): {found}" + (f"; {', '.join(aside)}" if aside else "") + "."


def unseen_lines(run: LintRun, root: Path) -> Iterator[str]:
    """What could not be looked at, a line each."""
    for opaque in run.result.unseen:
        where = display_path(opaque.path, root) + (f":{opaque.line}" if opaque.line else "")
        yield f"{where}: not checked from here on, or not in full: {opaque.reason}"
    yield from run.result.notes


def size_text(size: Size) -> str:
    """ "5,000,000 rows, 1.2 GiB"."""
    amount, units = float(size.size_bytes), ["bytes", "KiB", "MiB", "GiB", "TiB"]
    while amount >= 1024 and len(units) > 1:
        amount /= 1024
        units.pop(0)
    shown = f"{amount:,.0f}" if units[0] == "bytes" else f"{amount:,.1f}"
    return counted(size.rows, "row") + (f", {shown} {units[0]}" if size.size_bytes else "")
