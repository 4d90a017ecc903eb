"""The SQL of a plan: from Alembic's offline mode, or recorded where a revision needs a connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from alembic_manage.alembic_api import revision_step
from alembic_manage.dialects import dialect_named, known_dialects
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, EnvironmentFailedError, UsageError
from alembic_manage.execution.recording import recorded_sql
from alembic_manage.location import location_of, one_line
from alembic_manage.plan import Direction, Plan
from alembic_manage.scratch import NoScratchError

if TYPE_CHECKING:
    from alembic.runtime.migration import RevisionStep
    from alembic.script.revision import RevisionMap


def sql_of(environment: Environment, plan: Plan, start: Sequence[str], dialect_name: str | None = None) -> str:
    """The SQL of a plan: nothing but SQL and its comments, and all of it or an error.

    Args:
        environment: of the database whose dialect counts.
        plan: what to write.
        start: the ids that the database is assumed to be at.
        dialect_name: another dialect's name; None for the database's own.

    Raises:
        EnvironmentFailedError: a revision needs a connection, which offline mode has not.
    """
    current, out = [""], StringIO()

    def steps(revision_map: RevisionMap) -> Iterable[RevisionStep]:
        for step in plan.steps:
            current[0] = step.revision.id
            yield revision_step(revision_map, step.revision.id, is_upgrade=step.direction is Direction.UPGRADE)

    try:
        environment.offline(start, steps, out, dialect_name)
    except CommandError as error:
        if not current[0]:
            raise
        dialect = dialect_named(dialect_name) if dialect_name else environment.database.dialect
        try:
            return recorded_sql(environment, plan, start, dialect)
        except NoScratchError as failure:
            cause = error.__cause__ or error
            place = location_of(cause, environment.project.root)
            raise EnvironmentFailedError(
                f"The SQL of {current[0]} cannot be written without a connection ({place}: {one_line(cause)}), and "
                f"there is no scratch database to record it on: {failure}",
                hint=f"run it instead: python manage.py migrate {current[0]}",
            ) from cause
    return out.getvalue().strip()


def require_dialect(name: str) -> None:
    """Raise, unless SQLAlchemy has a dialect called `name`.

    Raises:
        UsageError: it has none.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    try:
        make_url(f"{name}://").get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        known = ", ".join(dialect.names[0] for dialect in known_dialects())
        raise UsageError(
            f"SQLAlchemy has no dialect '{name}' (known here: {known}, and those of installed packages).",
            hint="python manage.py sqlmigrate REVISION --dialect postgresql",
        ) from error
