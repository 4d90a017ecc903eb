"""A new name for a table: a view answers to the old one for as long as the old code runs."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import RenameColumn, RenameTable
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand


def renamed_table(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """The table gets its name and the view comes, in one instant; it goes before anything else does."""
    if not isinstance(operation, RenameTable):
        return None
    if scene.server.names_columns_of_views and _changes_columns(operation, scene):
        scene.note(f"{operation.table_name}: its columns change too, which a view that names them cannot follow")
        return expand(Step.CHANGE, operation)
    first, last, gone = scene.server.renamed_table(operation, _old_columns(operation, scene))
    staged = expand(Step.CHANGE, first)
    if last is not None:
        # Behind all that changes the table: what a view shows cannot change, there and back.
        staged.append(Staged(Phase.EXPAND, Step.CHANGE, last, is_last=True))
    return [*staged, *contract(Step.CHANGE, gone)]


def _changes_columns(operation: RenameTable, scene: Scene) -> bool:
    kinds = ops.DropColumnOp | ops.AlterColumnOp | RenameColumn
    place = operation.new, operation.schema
    return any(isinstance(each, kinds) and (each.table_name, each.schema) == place for each in scene.operations)


def _old_columns(operation: RenameTable, scene: Scene) -> list[str]:
    """The columns of the table under the names that the old code knows."""
    table = scene.table(operation.new, operation.schema)
    assert table is not None
    old = {
        each.new: each.old
        for each in scene.operations
        if isinstance(each, RenameColumn) and (each.table_name, each.schema) == (operation.new, operation.schema)
    }
    return [old.get(str(column.name), str(column.name)) for column in table.columns]
