"""Takes rows without a file out of the version table."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from alembic_manage.alembic_api import Record, connection_of, owns_transaction, revision_step, revision_transaction
from alembic_manage.dialects import dialect_named
from alembic_manage.environment import Environment
from alembic_manage.errors import RefusedError
from alembic_manage.plan import Direction, make_plan

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def prune(environment: Environment, location: str | None) -> tuple[str, ...]:
    """The recorded ids without a file, now forgotten, in order.

    The version table holds only heads: with the last row gone, the database would count as empty, and everything would
    run again. So the last row goes only where `location` says what is recorded instead.

    Args:
        environment: of the database.
        location: the revision that the database really is at; None where other rows say it.

    Raises:
        RefusedError: nothing would be left in the version table.
        UnknownRevisionError: no revision fits `location`.
    """
    history = environment.history
    gone: list[str] = []

    def work(context: MigrationContext, heads: tuple[str, ...], arguments: Mapping[str, Any]) -> None:
        unknown = sorted(id for id in heads if id not in history)
        if not unknown:
            return
        known = frozenset(heads) - set(unknown)
        if not known and location is None:
            raise RefusedError(
                f"Without {', '.join(unknown)} nothing would be recorded, and every migration would run again.",
                hint="say where the database really is: python manage.py migrate REVISION --fake --prune",
            )
        plan = make_plan(history, known, location) if location else None
        connection = connection_of(context)
        session: AbstractContextManager[None] = nullcontext()
        if owns_transaction(context):
            connection.commit()  # ends what reading the record began
            session = dialect_named(connection.dialect.name).migration_session(connection)
        with session, revision_transaction(context):
            record = Record(context, heads)
            for id in unknown:
                record.forget(id)
            for step in plan.steps if plan else ():
                upgrade = step.direction is Direction.UPGRADE
                taken = revision_step(environment.script.revision_map, step.revision.id, is_upgrade=upgrade, runs=False)
                record.move(taken, arguments)
        gone.extend(unknown)

    environment.online(work)
    if environment.recorded().intersection(gone):
        raise RefusedError(
            "env.py began a transaction before context.configure() and never committed it: nothing was pruned.",
            hint="put connection.commit() before context.configure() in env.py",
        )
    return tuple(gone)
