"""A column that goes: the old code still reads it, and the new code does not write it any more."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import Steps
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, contract, expand


def dropped_column(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """May be NULL as soon as code runs that does not write it; goes once no code reads it."""
    if isinstance(operation, ops.DropColumnOp):
        return contract(Step.FINISH, operation)
    if not isinstance(operation, Steps) or len(operation.up) != 1:
        return None
    (dropped,) = operation.up
    if not isinstance(dropped, ops.DropColumnOp):
        return None
    added, closing = operation.down[0], operation.down[-1]
    if not isinstance(closing, ops.AlterColumnOp) or not isinstance(added, ops.AddColumnOp):
        return contract(Step.FINISH, operation)
    if _is_key(dropped, scene):
        scene.note(f"{dropped.table_name}.{dropped.column_name}: it is part of the primary key")
        return contract(Step.FINISH, operation)
    opened = Steps([closing.reverse()], operation.down[1:])
    return [*expand(Step.CHANGE, opened), *contract(Step.FINISH, Steps([dropped], [added]))]


def _is_key(dropped: ops.DropColumnOp, scene: Scene) -> bool:
    table = scene.table(dropped.table_name, dropped.schema)
    return table is not None and dropped.column_name in table.primary_key.columns
