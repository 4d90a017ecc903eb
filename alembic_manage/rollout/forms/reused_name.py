"""A column whose name another one gets at the same time: both cannot be there together."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import RenameColumn
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, expand


def reused_name(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """At once, in the short form: what goes, what is renamed, and what comes in its place."""
    for each in flattened([operation]):
        if isinstance(each, ops.DropColumnOp):
            names = [each.column_name]
        elif isinstance(each, ops.AddColumnOp):
            names = [str(each.column.name)]
        elif isinstance(each, RenameColumn):
            names = [each.old, each.new]
        else:
            continue
        if scene.is_reused(each.table_name, each.schema, *names):
            scene.note(f"{each.table_name}.{names[0]}: another column gets a name that is in use")
            return expand(Step.CHANGE, operation)
    return None
