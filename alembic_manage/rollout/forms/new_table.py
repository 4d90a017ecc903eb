"""A table that is made by the same change: nobody waits for it, and no code reads it yet."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.autodetect.key_cycles import created_apart, keys_of
from alembic_manage.operations import Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.forms.constraint import constraint, waits
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, expand


def new_table(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """As it is, with all that belongs to it, before the new code comes; but for foreign keys that have to wait."""
    members = list(flattened([operation])) if isinstance(operation, Steps) else [operation]
    if not members or not all(scene.is_new(each) for each in members):
        return None
    if isinstance(operation, ops.CreateForeignKeyOp) and waits(operation, scene):
        return None
    if isinstance(operation, ops.CreateTableOp):
        later = [key for key in keys_of(operation) if waits(ops.CreateForeignKeyOp.from_constraint(key), scene)]
        table, *keys = created_apart(operation, later)
        return [*expand(Step.CHANGE, table), *(each for key in keys for each in constraint(key, scene) or ())]
    return expand(Step.CHANGE, operation)
