"""A new column: the old code does not write it, and the new code never finds it empty where it must not be."""

from __future__ import annotations

from copy import copy
from typing import Any

from alembic.operations import ops
from sqlalchemy import Column, DefaultClause, text

from alembic_manage.operations import Backfill, FillRows, NumberRows, Remark, Steps
from alembic_manage.rollout.forms.not_null import closed
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand


def added_column(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """With a default that rows have at once; where the server would write every row for it, in steps."""
    if isinstance(operation, ops.AddColumnOp):
        return _as_modelled(operation, scene)
    if isinstance(operation, Steps):
        kinds = [type(each) for each in operation.up]
        if len(kinds) == 3 and kinds[0] is ops.AddColumnOp and kinds[2] is ops.AlterColumnOp:
            return _not_null(operation, scene)
    return None


def _as_modelled(operation: ops.AddColumnOp, scene: Scene) -> list[Staged]:
    column = operation.column
    if column.computed is not None or column.identity is not None:
        scene.note(f"{operation.table_name}.{column.name}: the database writes every row for a column that it computes")
        return expand(Step.CHANGE, operation)
    default = _sql(column.server_default)
    key = scene.key_of(operation.table_name, operation.schema)
    if default is None or key is None or scene.server.is_instant_default(default):
        return expand(Step.CHANGE, operation)
    return _in_steps(operation, column, default, key, scene)


def _in_steps(operation: ops.AddColumnOp, column: Column[Any], default: str, key: str, scene: Scene) -> list[Staged]:
    """Empty, then the default for new rows, then the old rows in portions."""
    table, schema = operation.table_name, operation.schema
    bare = _with(operation, nullable=True, server_default=None)
    later = _alteration(operation, column, modify_server_default=column.server_default)
    later.existing_nullable = True
    quoted = scene.server.quoted(str(column.name))
    backfill = Backfill(table, key, f"{quoted} = {default}", f"{quoted} IS NULL", schema)
    staged = expand(Step.CHANGE, bare, Steps([later], []))
    staged += expand(Step.FILL, backfill)
    if not column.nullable:
        last = _alteration(operation, column, modify_nullable=False)
        last.existing_nullable, last.existing_server_default = True, column.server_default
        staged += closed(last, Phase.EXPAND, scene)
    return staged


def _not_null(operation: Steps, scene: Scene) -> list[Staged]:
    """NOT NULL from the beginning, with the value as a default for as long as the old code runs."""
    added, filling, closing = operation.up
    assert isinstance(added, ops.AddColumnOp)
    assert isinstance(closing, ops.AlterColumnOp)
    path = f"{added.table_name}.{added.column.name}"
    if not isinstance(filling, FillRows) or isinstance(filling, NumberRows):
        scene.note(f"{path}: the values differ from row to row, and the old code cannot give any")
        return expand(Step.CHANGE, operation)
    if not scene.server.is_instant_default(filling.value):
        scene.note(f"{path}: {filling.value} would be worked out for every row")
        return expand(Step.CHANGE, operation)
    value = DefaultClause(text(filling.value))
    made = _with(added, nullable=False, server_default=value)
    gone = _alteration(added, added.column, modify_server_default=None)
    gone.existing_nullable, gone.existing_server_default = False, value
    remark = Remark("The default is for rows that the old code writes.", added.table_name, added.schema)
    return [*expand(Step.CHANGE, Steps([remark, made], [made.reverse()])), *contract(Step.FINISH, gone)]


def _with(operation: ops.AddColumnOp, *, nullable: bool, server_default: Any) -> ops.AddColumnOp:
    made = copy(operation)
    made.column = operation.column._copy()
    made.column.nullable = nullable
    made.column.server_default = server_default
    return made


def _alteration(operation: ops.AddColumnOp, column: Column[Any], **changes: Any) -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        operation.table_name,
        str(column.name),
        schema=operation.schema,
        existing_type=column.type,
        existing_nullable=bool(column.nullable),
        existing_comment=column.comment,
        **changes,
    )


def _sql(default: Any) -> str | None:
    """A server default as SQL; None where there is none."""
    argument = getattr(default, "arg", None)
    if argument is None:
        return None
    if isinstance(argument, str):
        return "'" + argument.replace("'", "''") + "'"
    return str(getattr(argument, "text", argument)).replace("\\:", ":")
