"""A new name for a table: a view answers to the old one for as long as the old code runs."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import RenameColumn, RenameTable
from alembic_manage.rollout.forms.renamed_column import has_twin
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand


def renamed_table(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """The table gets its name and the view comes, in one instant; it goes before anything else does."""
    if not isinstance(operation, RenameTable):
        return None
    first, last, gone = scene.server.renamed_table(operation, _old_columns(operation, scene))
    staged = expand(Step.CHANGE, first)
    if last is not None:
        # Behind all that changes the table: what a view shows cannot change, there and back.
        staged.append(Staged(Phase.EXPAND, Step.CHANGE, last, is_last=True))
    return [*staged, *contract(Step.CHANGE, gone)]


def _old_columns(operation: RenameTable, scene: Scene) -> dict[str, str]:
    """The names of the table's columns in the first phase, by those that the old code knows; those that are left."""
    table = scene.table(operation.new, operation.schema)
    assert table is not None
    place = operation.new, operation.schema
    renames = scene.of(RenameColumn, *place)
    beside = {each.new for each in renames if has_twin(each, scene)}
    dropped = [each.column_name for each in scene.of(ops.DropColumnOp, *place)]
    gone = [name for name in dropped if scene.is_reused(*place, name)]
    found = {}
    for column in table.columns:
        name = old = str(column.name)
        for each in reversed(renames):
            old = each.old if each.new == old else old
        if name not in gone:
            found[old] = old if name in beside else name
    return found
