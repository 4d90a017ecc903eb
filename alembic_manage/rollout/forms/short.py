"""What has no other form: written as it is, at the better of two moments."""

from __future__ import annotations

from collections.abc import Sequence

from alembic.operations import ops

from alembic_manage.operations import (
    AlterSequence,
    ChangeEnum,
    ConvertColumn,
    CreateEnum,
    CreateSequence,
    DropEnum,
    DropSequence,
    DropUnnamed,
    DropUnnamedCheck,
    MoveColumn,
    MoveTable,
    Remark,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    Steps,
)
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged, Step, contract, expand

_FIRST = (
    *(AlterSequence, CreateEnum, CreateSequence, DropUnnamed, DropUnnamedCheck, Remark, RenameConstraint, RenameIndex),
    *(ops.CreateTableOp, ops.CreateTableCommentOp, ops.DropTableCommentOp, ops.ModifyTableOps),
)
"""They take an instant, and the old code does not mind."""
_LAST = (DropEnum, DropSequence, MoveColumn, ops.DropTableOp)
"""They take an instant, and the old code would mind."""


def short(operation: ops.MigrateOperation, scene: Scene) -> list[Staged]:
    """Before the new code where nobody is kept waiting; after the old one where something is lost or rewritten."""
    members = operation.up or operation.down if isinstance(operation, Steps) else [operation]
    if all(isinstance(each, _FIRST) for each in members):
        return expand(Step.CHANGE, operation)
    if all(isinstance(each, (*_LAST, ops.CreateIndexOp)) for each in members):
        return _last(operation, members, scene)
    enum = next((each for each in members if isinstance(each, ChangeEnum | RenameEnumValue)), None)
    if isinstance(enum, ChangeEnum) and len(members) == 1 and set(enum.before) <= set(enum.after):
        return expand(Step.CHANGE, operation)
    text, comes_first = _why(operation)
    # A column that comes has the type with its values of then, and would be forgotten later.
    comes_first = comes_first or (enum is not None and scene.comes_with(enum.name))
    scene.note(text)
    return expand(Step.CHANGE, operation) if comes_first else contract(Step.FINISH, operation)


def _last(operation: ops.MigrateOperation, members: Sequence[ops.MigrateOperation], scene: Scene) -> list[Staged]:
    """In the last phase, unless something else has the name from the first one on."""
    for each in members:
        name = getattr(each, "name", None) or getattr(each, "table_name", None)
        if not isinstance(each, ops.CreateIndexOp | MoveColumn) and scene.takes_name(
            str(name), getattr(each, "schema", None)
        ):
            scene.note(f"{name}: something else has its name from now on")
            return expand(Step.CHANGE, operation)
    return contract(Step.FINISH, operation)


def _why(operation: ops.MigrateOperation) -> tuple[str, bool]:
    """Why the short form is not what was asked for, and whether it comes first, for the rest is about new names."""
    inner = (
        next((each for each in operation.up if _is_known(each)), operation)
        if isinstance(operation, Steps)
        else operation
    )
    if isinstance(inner, RenameTable | MoveTable):
        return f"{inner.table_name}: the old code does not know the new name of a table", True
    if isinstance(inner, RenameColumn):
        return f"{inner.table_name}.{inner.old}: the old code does not know the new name", True
    if isinstance(inner, RenameEnumValue):
        return f"{inner.name}: the old code does not know the new name of a value", False
    if isinstance(inner, ChangeEnum):
        return f"{inner.name}: a value is taken from a type by writing every row anew", False
    if isinstance(inner, ops.AlterColumnOp):
        return f"{inner.table_name}.{inner.column_name}: every row is written anew, and nobody writes meanwhile", False
    return f"{type(inner).__name__} has no other form", False


def _is_known(operation: ops.MigrateOperation) -> bool:
    return isinstance(
        operation,
        RenameTable | MoveTable | RenameColumn | RenameEnumValue | ChangeEnum | ConvertColumn | ops.AlterColumnOp,
    )
