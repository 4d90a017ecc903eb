"""The SQL of a plan, without a connection (Alembic's offline mode)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from alembic_manage.alembic_api import revision_step
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, EnvironmentFailedError
from alembic_manage.location import location_of, one_line
from alembic_manage.plan import Direction, Plan

if TYPE_CHECKING:
    from alembic.runtime.migration import RevisionStep
    from alembic.script.revision import RevisionMap


def write_sql(
    environment: Environment, plan: Plan, start: Sequence[str], out: IO[str], dialect_name: str | None = None
) -> None:
    """Write the SQL of a plan to `out`: nothing but SQL and its comments.

    Args:
        environment: of the database whose dialect counts.
        plan: what to write.
        start: the ids that the database is assumed to be at.
        out: where it goes.
        dialect_name: another dialect's name; None for the database's own.

    Raises:
        EnvironmentFailedError: a revision needs a connection, which offline mode has not.
    """
    current = [""]

    def steps(revision_map: RevisionMap) -> Iterable[RevisionStep]:
        for step in plan.steps:
            current[0] = step.revision.id
            yield revision_step(revision_map, step.revision.id, is_upgrade=step.direction is Direction.UPGRADE)

    try:
        environment.offline(start, steps, out, dialect_name)
    except CommandError as error:
        if not current[0]:
            raise
        cause = error.__cause__ or error
        place = location_of(cause, environment.project.root)
        raise EnvironmentFailedError(
            f"The SQL of {current[0]} cannot be written without a connection ({place}): {one_line(cause)}",
            hint="run it instead: python manage.py migrate; or make it work offline: "
            "if not op.get_context().as_sql: ...",
        ) from cause
