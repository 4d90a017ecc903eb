"""The tables as they were before a revision, for data migrations that do not import today's models."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import MetaData, Table

    from alembic_manage.environment import Environment


def historical_tables() -> Mapping[str, Table]:
    """SQLAlchemy Core tables of the schema right before the upgrade() or downgrade() of the revision that calls this.

    They come from the replayed history; where that is opaque, from the database that the revision runs on, as it is at
    the time of the call. They have no Python-side defaults, as revisions do not either.

    Returns:
        The tables by name, "schema.table" where the schema is not the default one.

    Raises:
        HistoryStateError: called from somewhere else, or the history is opaque and there is no connection (`--sql`).
    """
    from alembic import op

    from alembic_manage.errors import HistoryStateError
    from alembic_manage.state.metadata import metadata_of
    from alembic_manage.state.replay import running_state

    caller = sys._getframe(1).f_globals
    id = caller.get("revision")
    if not isinstance(id, str):
        raise HistoryStateError(
            "historical_tables() is called outside of a migration.", hint="call it inside upgrade() or downgrade()"
        )
    running = running_state(id)
    if running is not None:
        return metadata_of(running).tables
    context: Any = op.get_context()
    return _metadata_before(id, context, includes_it=_is_downgrade(sys._getframe(1))).tables


def _is_downgrade(frame: FrameType | None) -> bool:
    """Whether a frame of a revision file is inside of its downgrade()."""
    while frame is not None and "revision" in frame.f_globals:
        if frame.f_code.co_name.startswith(("downgrade", "state_downgrade")):
            return True
        frame = frame.f_back
    return False


def _metadata_before(id: str, context: MigrationContext, *, includes_it: bool) -> MetaData:
    from alembic_manage.alembic_api import run_beside
    from alembic_manage.alembic_plugin import OwnTables
    from alembic_manage.engine_guard import instead_of_every_engine
    from alembic_manage.errors import HistoryStateError
    from alembic_manage.plan import Direction, Plan, Step
    from alembic_manage.state.cache import StateCache
    from alembic_manage.state.metadata import metadata_of
    from alembic_manage.state.reflected import schema_shown
    from alembic_manage.state.replay import Replay

    environment = _environment(context)
    history = environment.history
    before = history.in_order(history.ancestors([id] if includes_it else history.parents(id)))
    replay = Replay(environment, cache=StateCache.of(environment))
    plan = Plan(id, tuple(Step(revision, Direction.UPGRADE) for revision in before))
    with instead_of_every_engine(replay.engine), replay.engine.connect() as connection:
        run_beside(context, connection, lambda inner: replay.take(plan, inner))
    if replay.is_exact:
        return metadata_of(replay.schema)
    if context.connection is None:
        first = replay.opaque[0]
        raise HistoryStateError(
            f"The tables before {id} are not known: {first.revision} cannot be replayed: {first.reason}.",
            hint="python manage.py historystate",
        )
    own = OwnTables(context.version_table)
    return metadata_of(schema_shown(context.connection, own))


def _environment(context: MigrationContext) -> Environment:
    """That of the database on which a revision runs right now, be it by `manage.py` or by `alembic`."""
    from alembic_manage.environment import Environment
    from alembic_manage.project import Project

    attributes = context.config.attributes if context.config is not None else {}
    project = attributes.get("project") or Project.load()
    around: Any = context.environment_context
    arguments = around.get_x_argument(as_dictionary=True) if around is not None else {}
    return Environment(project, arguments.get("database", "default"))
