"""A new name for a column: the old code uses one, the new code the other, and both are there meanwhile."""

from __future__ import annotations

from typing import Any

from alembic.operations import ops
from sqlalchemy import Table

from alembic_manage.operations import RenameColumn, RenameConstraint, RenameIndex
from alembic_manage.rollout.dependents import Dependents, dependents_of
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.side_by_side import side_by_side
from alembic_manage.rollout.stage import Staged
from alembic_manage.rollout.twin import Twin


def renamed_column(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """A second column with the new name; what belonged to the first one is built for it."""
    if isinstance(operation, RenameIndex | RenameConstraint):
        return [] if _is_built_anew(operation, scene) else None
    if not isinstance(operation, RenameColumn):
        return None
    twin = _twin(operation, scene)
    if isinstance(twin, Twin):
        return side_by_side(twin, scene)
    scene.note(f"{operation.table_name}.{operation.old} cannot have a second column beside it: {twin}")
    return None


def _twin(operation: RenameColumn, scene: Scene) -> Twin | str:
    """The twin, or why there is none."""
    if scene.is_reused(operation.table_name, operation.schema, operation.old, operation.new):
        return "another column has its name"
    table = scene.table(operation.table_name, operation.schema)
    if table is None or operation.new not in table.columns:
        return "nothing is known about it"
    column = table.columns[operation.new]
    dependents = _dependents(operation, scene, table)
    why = dependents.obstacle or scene.why_not_alone(operation.table_name, operation.schema, operation.new)
    key = scene.key_of(operation.table_name, operation.schema)
    if why or key is None:
        return why or "the table has no primary key"
    first = column._copy()
    first.name = first.key = operation.old
    return Twin(
        operation.table_name,
        operation.schema,
        key,
        first,
        column,
        operation.new,
        dependents,
        scene.place_of(table, column),
    )


def _dependents(operation: RenameColumn, scene: Scene, table: Table) -> Dependents:
    return dependents_of(scene, table, operation.new, operation.old, operation.new)


def _is_built_anew(operation: Any, scene: Scene) -> bool:
    """Whether the new name is given to what is built for a second column."""
    for each in scene.operations:
        if (
            not isinstance(each, RenameColumn)
            or each.table_name != operation.table_name
            or each.schema != operation.schema
        ):
            continue
        twin = _twin(each, scene)
        if isinstance(twin, Twin) and any(member.final == operation.new for member in twin.dependents.members):
            return True
    return False


def has_twin(operation: RenameColumn, scene: Scene) -> bool:
    """Whether the column keeps its old name in the first phase, beside one that has the new name."""
    return isinstance(_twin(operation, scene), Twin)
