"""What the linter says of the migrations of a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alembic_manage.environment import Environment
from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Finding
from alembic_manage.lint.linter import Linter
from alembic_manage.review.selection import Chosen


def findings_of(environment: Environment, chosen: Chosen) -> Mapping[str, Sequence[Finding]]:
    """The findings about each migration, by its id; those that are silenced are left out.

    Raises:
        EnvironmentFailedError: env.py raises, or needs a real database.
    """
    database, history = environment.database, environment.history
    edited = chosen.base.edited if chosen.base is not None else {}
    context = Context(
        database.dialect,
        database.server_version,
        history,
        released={each.id: edited[each.path] for each in history if each.path in edited},
    )
    result = Linter(environment, context).run(chosen.revisions, chosen.pending)
    found: dict[str, list[Finding]] = {}
    for finding in result.findings:
        found.setdefault(finding.revision, []).append(finding)
    return found
