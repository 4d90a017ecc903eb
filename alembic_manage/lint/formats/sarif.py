"""For code scanning: SARIF.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.lint.finding import Severity
from alembic_manage.lint.rules import rule_named
from alembic_manage.location import display_path
from alembic_manage.version import VERSION

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding
    from alembic_manage.lint.run import LintRun

_LEVELS = {Severity.NOTICE: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}


def render(run: LintRun, root: Path) -> str:
    """A log with one run."""
    ids = sorted({finding.rule for finding in run.result.findings})
    driver = {"name": "alembic-manage", "version": VERSION, "rules": [_rule(id) for id in ids]}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, ids, root) for finding in run.result.findings],
            }
        ],
    }
    return json.dumps(document, indent=2)


def _rule(id: str) -> Mapping[str, Any]:
    rule = rule_named(id)
    shown: dict[str, Any] = {"id": id}
    if rule is not None:
        shown["shortDescription"] = {"text": f"{rule.title}."}
        shown["help"] = {"text": rule.page_text, "markdown": rule.page_text}
        shown["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
    return shown


def _result(finding: Finding, ids: list[str], root: Path) -> Mapping[str, Any]:
    parts = [finding.message, *[f"On: {', '.join(finding.databases)}"] * bool(finding.databases)]
    parts += [f"Lock: {finding.lock}"] * bool(finding.lock)
    parts += [f"Instead:\n{finding.fix}"] if finding.fix else []
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": ids.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(parts)},
        # What stays when lines move.
        "partialFingerprints": {"finding/v1": f"{finding.revision}:{finding.rule}:{finding.subject}"},
    }
    if finding.path is not None:
        location = {
            "artifactLocation": {"uri": display_path(finding.path, root), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": finding.line or 1},
        }
        result["locations"] = [{"physicalLocation": location}]
    return result
