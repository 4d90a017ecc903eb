"""A column that goes: the old code still reads it, and the new code does not write it any more."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import MoveColumn, Steps
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
    added = operation.down[0]
    closing = next((each for each in operation.down if isinstance(each, ops.AlterColumnOp)), None)
    if closing is None or not isinstance(added, ops.AddColumnOp):
        return contract(Step.FINISH, operation)
    if _is_key(dropped, scene):
        scene.note(f"{dropped.table_name}.{dropped.column_name}: it is part of the primary key")
        return contract(Step.FINISH, operation)
    at = operation.down.index(closing)
    opened = Steps([closing.reverse()], operation.down[1 : at + 1])
    back = [added, *(_nullable(each) for each in operation.down[at + 1 :])]
    return [*expand(Step.CHANGE, opened), *contract(Step.FINISH, Steps([dropped], back))]


def _nullable(operation: ops.MigrateOperation) -> ops.MigrateOperation:
    """What moves the column to its place, while it may be NULL."""
    if not isinstance(operation, MoveColumn):
        return operation
    column = operation.column._copy()
    column.nullable = True
    return MoveColumn(str(operation.table_name), column, operation.after, operation.before, operation.schema)


def _is_key(dropped: ops.DropColumnOp, scene: Scene) -> bool:
    table = scene.table(dropped.table_name, dropped.schema)
    return table is not None and dropped.column_name in table.primary_key.columns
