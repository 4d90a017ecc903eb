"""For a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

from alembic_manage.lint.summary import place, size_text, summary, unseen_lines

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding
    from alembic_manage.lint.run import LintRun


def render(run: LintRun, root: Path) -> str:
    """A paragraph a finding, then one line about all of them."""
    lines: list[str] = []
    for finding in run.result.findings:
        lines += [*finding_lines(finding, root), ""]
    return "\n".join([*lines, *unseen_lines(run, root), summary(run)])


def finding_lines(finding: Finding, root: Path) -> Iterator[str]:
    """One finding: where, what, the lock, the better way."""
    where = place(finding, root)
    yield (f"{where}: " if where else "") + f"{finding.severity.word}: {finding.message} [{finding.label}]"
    if finding.lock:
        yield f"    Lock: {finding.lock}"
    if finding.size is not None:
        yield f"    Size: {size_text(finding.size)}"
    if finding.fix:
        yield "    Instead:"
        yield indent(finding.fix, " " * 8)
    if finding.has_page:
        yield f"    Why: {finding.explain}"
