"""Indexes of tables that are in use."""

from __future__ import annotations

from copy import copy
from typing import Any

from alembic.operations import ops

from alembic_manage.operations import Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.server import short_name
from alembic_manage.rollout.stage import Phase, Staged, Step, expand


def index(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """Built and removed beside the running application.

    What makes rows impossible that the old code writes comes last; what the old code is fast by goes last.
    """
    if isinstance(operation, ops.CreateIndexOp):
        return _created(operation, scene)
    if isinstance(operation, ops.DropIndexOp):
        return _dropped(operation, scene)
    if isinstance(operation, Steps) and [type(each) for each in operation.up] == [ops.DropIndexOp]:
        return _with_its_key(operation, operation.up[0], scene)
    if isinstance(operation, Steps) and not operation.up and isinstance(operation.down[0], ops.DropIndexOp):
        return _left_behind(operation, operation.down[0], scene)
    return None


def _with_its_key(operation: Steps, dropped: Any, scene: Scene) -> list[Staged]:
    """The index of a foreign key goes when the key does, which may have to wait for a change of type."""

    def drops_key(whole: ops.MigrateOperation) -> bool:
        keys = [each for each in flattened([whole]) if isinstance(each, ops.DropConstraintOp)]
        return (dropped.schema, dropped.table_name, dropped.index_name) in [
            (each.schema, each.table_name, each.constraint_name) for each in keys
        ]

    whole = next((each for each in scene.wholes if drops_key(each)), None)
    if whole is None:
        return expand(Step.CHANGE, operation)
    staged = _staged(whole, scene)
    moment = next((each for each in staged if drops_key(each.operation)), staged[-1])
    return [Staged(moment.phase, moment.step, operation)]


def _left_behind(operation: Steps, dropped: ops.DropIndexOp, scene: Scene) -> list[Staged] | None:
    """The index of a foreign key goes after the key does, on the way down."""
    for each in scene.operations:
        if isinstance(each, ops.CreateForeignKeyOp) and each.constraint_name == dropped.index_name:
            first = _staged(each, scene)[0]
            return [Staged(first.phase, first.step, operation)]
    return None


def _staged(operation: ops.MigrateOperation, scene: Scene) -> list[Staged]:
    from alembic_manage.rollout.forms import FORMS  # which are made of this one too

    return next(found for form in FORMS if (found := form(operation, scene)) is not None)


def _created(operation: ops.CreateIndexOp, scene: Scene) -> list[Staged]:
    phase = _phase_of_new(operation, scene)
    old = _same_name(operation, scene, ops.DropIndexOp)
    if old is None or _phase_of_old(old) is not Phase.CONTRACT:
        return [Staged(phase, Step.BUILD, scene.server.built(operation))]
    # Both are there for a while, so the new one begins under another name.
    name = str(operation.index_name)
    other = copy(operation)
    other.index_name = short_name(name, "new")
    renamed = scene.server.renamed_index(operation.table_name, str(other.index_name), name, operation.schema)
    return [
        Staged(phase, Step.BUILD, scene.server.built(other)),
        Staged(Phase.CONTRACT, Step.FINISH, renamed),
    ]


def _dropped(operation: ops.DropIndexOp, scene: Scene) -> list[Staged]:
    return [Staged(_phase_of_old(operation), Step.REMOVE, scene.server.removed(operation))]


def _phase_of_new(operation: ops.CreateIndexOp, scene: Scene) -> Phase:
    columns = [str(getattr(each, "name", each)) for each in operation.columns]
    narrows = operation.unique and not scene.adds(operation.table_name, operation.schema, columns)
    return Phase.CONTRACT if narrows else Phase.EXPAND


def _phase_of_old(operation: ops.DropIndexOp) -> Phase:
    back: Any = operation._reverse
    return Phase.EXPAND if back is not None and back.unique else Phase.CONTRACT


def _same_name(operation: ops.CreateIndexOp, scene: Scene, kind: type[ops.DropIndexOp]) -> ops.DropIndexOp | None:
    for each in scene.operations:
        if isinstance(each, kind) and (each.index_name, each.schema) == (operation.index_name, operation.schema):
            return each
    return None
