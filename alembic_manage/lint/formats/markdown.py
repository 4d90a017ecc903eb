"""For a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.lint.summary import place, size_text, summary, unseen_lines

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding
    from alembic_manage.lint.run import LintRun


def render(run: LintRun, root: Path) -> str:
    """A heading, one line about all findings, then a section a finding."""
    lines = ["## Migrations", "", summary(run)]
    for finding in run.result.findings:
        lines += ["", *_section(finding, root)]
    unseen = [f"- {_escaped(line)}" for line in unseen_lines(run, root)]
    return "\n".join([*lines, *(["", "Not checked:", "", *unseen] if unseen else [])])


def _section(finding: Finding, root: Path) -> Iterator[str]:
    yield f"### {finding.severity.word}: {_escaped(finding.message)}"
    yield ""
    where = place(finding, root)
    yield f"`{finding.rule}`" + (f" in `{where}`" if where else "") + "".join(f", {name}" for name in finding.databases)
    for name, text in (("Lock", finding.lock), ("Size", size_text(finding.size) if finding.size else None)):
        if text:
            yield ""
            yield f"{name}: {_escaped(text)}"
    if finding.fix:
        yield ""
        yield "Instead:"
        yield ""
        yield from ["```python", finding.fix, "```"] if finding.has_code else _prose(finding.fix)


def _prose(text: str) -> Iterator[str]:
    """Sentences, with the lines that are set in as code."""
    for line in text.splitlines():
        yield from ["", line, ""] if line.startswith("    ") else [_escaped(line)]


def _escaped(text: str) -> str:
    """With every sign of Markdown and HTML as it stands: names of tables have underscores."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~" else character for character in text)
