"""What the linter says about migrations that are new."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import HistoryError, SettingsError
from alembic_manage.project import Project

if TYPE_CHECKING:
    from alembic_manage.lint.run import LintRun

TAG = "lint"
NEEDS_DATABASE = False
DEPLOY = True


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Each finding, for each database that may be asked; without asking for each kind where there is none."""
    from alembic_manage.environment import Environment
    from alembic_manage.lint.kinds import lint_kinds
    from alembic_manage.lint.run import run_lint

    # history.E001 to E005 and settings.E001 have said what is wrong with these.
    with contextlib.suppress(HistoryError, SettingsError):
        if not databases:
            yield from _problems(lint_kinds(project), project)
    for alias in databases:
        with contextlib.suppress(HistoryError, SettingsError):
            yield from _problems(run_lint(Environment(project, alias), connects=True), project)


def _problems(run: LintRun, project: Project) -> Iterator[Problem]:
    from alembic_manage.lint.finding import Severity
    from alembic_manage.lint.summary import place

    levels = {
        Severity.ERROR: ("lint.E001", Level.ERROR),
        Severity.WARNING: ("lint.W001", Level.WARNING),
        Severity.NOTICE: ("lint.I001", Level.INFO),
    }
    for finding in run.result.findings:
        id, level = levels[finding.severity]
        where = place(finding, project.root)
        message = f"{where}{': ' if where else ''}{finding.message} [{finding.label}]"
        yield Problem(id, level, message, finding.explain if finding.has_page else None)
