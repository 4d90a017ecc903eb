"""A new name for a table: a view answers to the old one for as long as the old code runs."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import RenameTable
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand


def renamed_table(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """The table gets its name and the view comes, in one transaction; it goes before anything else does."""
    if not isinstance(operation, RenameTable):
        return None
    view = scene.server.stand_in(operation.table_name, operation.new, operation.schema)
    if view is None:
        scene.note(f"{operation.table_name}: table and view cannot change places in one transaction here")
        return expand(Step.CHANGE, operation)
    # Behind all that changes the table: what a view shows cannot change, there and back.
    return [
        *expand(Step.CHANGE, operation),
        Staged(Phase.EXPAND, Step.CHANGE, view, is_last=True),
        *contract(Step.CHANGE, view.reverse()),
    ]
