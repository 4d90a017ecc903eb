"""A table that is made by the same change: nobody waits for it, and no code reads it yet."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, expand


def new_table(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """As it is, with all that belongs to it, before the new code comes."""
    members = list(flattened([operation])) if isinstance(operation, Steps) else [operation]
    if members and all(scene.is_new(each) for each in members):
        return expand(Step.CHANGE, operation)
    return None
