"""The locks of a revision where nothing runs: its SQL, and what the database's manual says of it."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.dialects import Dialect
from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.lock_trace.offline import statements_of
from alembic_manage.lock_trace.probe import probe_for
from alembic_manage.lock_trace.trace import LockTrace, TracedStatement
from alembic_manage.plan import Step


def said_by_manual(environment: Environment, step: Step) -> LockTrace:
    """The locks of a revision, told from the text of its statements.

    Raises:
        EnvironmentFailedError: the revision needs a connection, so its statements are not known.
    """
    statements = statements_of(environment, [step])[step.revision.id]
    if statements is None:
        raise EnvironmentFailedError(
            f"{step.revision.id} needs a connection, so its SQL is not known without one.",
            hint=f"python manage.py locks {step.revision.id}",
        )
    return trace_of_sql(environment.database.dialect, step, statements)


def trace_of_sql(rules: Dialect, step: Step, statements: Sequence[str]) -> LockTrace:
    """The locks that the manual says of statements; each statement for itself, nothing is held from before."""
    probe = probe_for(rules)
    found = probe.expected_in_turn(list(statements))
    traced = [
        TracedStatement(number, sql, each)
        for number, (sql, each) in enumerate(zip(statements, found, strict=True), start=1)
    ]
    return LockTrace(step.revision.id, step.direction.value, rules.title, False, traced, probe.source, probe.notes)
