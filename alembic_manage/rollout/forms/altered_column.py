"""Defaults, comments, and NULL that is allowed: an instant each, and only the right moment matters."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.autodetect.steps.alteration import changes_of
from alembic_manage.operations import Steps
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, contract, expand

_INSTANT = {"server_default", "comment", "nullable"}


def altered_column(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """A default goes last, for the old code relies on it, and so does an identity; the rest comes first."""
    altered = operation.up[0] if isinstance(operation, Steps) and len(operation.up) == 1 else operation
    if not isinstance(altered, ops.AlterColumnOp):
        return None
    changes = changes_of(altered)
    if not changes <= _INSTANT or altered.modify_nullable is False:
        return None
    is_identity = scene.changes_identity(altered.table_name, altered.schema, altered.column_name)
    if is_identity or ("server_default" in changes and altered.modify_server_default is None):
        return contract(Step.FINISH, operation)
    return expand(Step.CHANGE, operation)
