"""What the linter says of the migrations of a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alembic_manage.environment import Environment
from alembic_manage.lint.finding import Finding
from alembic_manage.lint.kinds import lint_kinds
from alembic_manage.review.selection import Chosen


def findings_of(environment: Environment, chosen: Chosen) -> Mapping[str, Sequence[Finding]]:
    """The findings about each migration, by its id, for each kind of database; those about the history stand below "".

    Where the chosen database answers, the sizes of its tables count.

    Raises:
        SettingsError: LINT names a rule that is not there.
        EnvironmentFailedError: env.py raises, or needs a real database.
    """
    ids = [revision.id for revision in chosen.revisions]
    if not ids:
        return {}
    alias = environment.database.alias
    run = lint_kinds(environment.project, ids, asked=alias if chosen.applied is not None else None)
    found: dict[str, list[Finding]] = {}
    for finding in run.result.findings:
        found.setdefault(finding.revision, []).append(finding)
    return found
