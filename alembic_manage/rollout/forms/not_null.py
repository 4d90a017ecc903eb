"""NOT NULL for a column that is there: the old code may still write NULL, so it comes last."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import Backfill, FillRows, NumberRows, Sql, Steps
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract


def not_null(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """Filled in portions, proven by a CHECK that is validated beside the running application, then said."""
    if not isinstance(operation, Steps) or len(operation.up) != 2:
        return None
    filling, closing = operation.up
    if not isinstance(filling, FillRows) or not isinstance(closing, ops.AlterColumnOp):
        return None
    if closing.modify_nullable is not False:
        return None
    table, schema = closing.table_name, closing.schema
    key = scene.key_of(table, schema)
    if key is None or isinstance(filling, NumberRows):
        return contract(Step.FINISH, operation)
    back = [_in_portions(each, key, scene) for each in operation.down if not isinstance(each, ops.AlterColumnOp)]
    filled = Steps([_in_portions(filling, key, scene)], back)
    return [*contract(Step.FILL, filled), *closed(closing, Phase.CONTRACT, scene)]


def _in_portions(operation: ops.MigrateOperation, key: str, scene: Scene) -> ops.MigrateOperation:
    if not isinstance(operation, FillRows):
        return operation
    column = scene.server.quoted(operation.column)
    where = operation.where or f"{column} IS NULL"
    return Backfill(str(operation.table_name), key, f"{column} = {operation.value}", where, operation.schema)


def closed(closing: ops.AlterColumnOp, phase: Phase, scene: Scene) -> list[Staged]:
    """SET NOT NULL that does not read the table, for a column that holds no NULL by now."""
    proof = scene.server.proof_of_not_null(closing.table_name, closing.column_name, closing.schema)
    if proof is None:
        return [Staged(phase, Step.FINISH, closing)]
    begin, look, end = proof
    assert isinstance(end, Sql)
    finish = Steps([closing, end], [end.reverse(), closing.reverse()])
    return [
        Staged(phase, Step.ATTACH, begin),
        Staged(phase, Step.VALIDATE, look),
        Staged(phase, Step.FINISH, finish),
    ]
