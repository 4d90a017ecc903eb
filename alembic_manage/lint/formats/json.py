"""For programs: one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.location import display_path

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding
    from alembic_manage.lint.run import LintRun


def render(run: LintRun, root: Path) -> str:
    """The document that docs/json.md describes."""
    document = {
        "revisions": [revision.id for revision in run.result.revisions],
        "chosen": run.selection.why,
        "findings": [as_json(finding, root) for finding in run.result.findings],
        "silenced": run.result.silenced,
        "known": run.known,
        "unseen": [
            {
                "revision": each.revision,
                "path": display_path(each.path, root),
                "line": each.line,
                "reason": each.reason,
            }
            for each in run.result.unseen
        ],
        "notes": list(run.result.notes),
    }
    return json.dumps(document, indent=2)


def as_json(finding: Finding, root: Path) -> Mapping[str, object]:
    """One finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "revision": finding.revision or None,
        "path": display_path(finding.path, root) if finding.path else None,
        "line": finding.line,
        "subject": finding.subject or None,
        "message": finding.message,
        "lock": finding.lock,
        "fix": finding.fix,
        "rows": finding.size.rows if finding.size else None,
        "databases": list(finding.databases),
        "bytes": finding.size.size_bytes if finding.size else None,
    }
