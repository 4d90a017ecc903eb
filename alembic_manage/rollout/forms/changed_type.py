"""Another type: in place where that takes an instant, else in a second column that takes the place of the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic.operations import ops

from alembic_manage.autodetect.steps.conversion import Fate, conversion
from alembic_manage.autodetect.steps.type_kind import kind_of
from alembic_manage.operations import ConvertColumn, Remark, Steps
from alembic_manage.rollout.dependents import dependents_of
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.server import short_name
from alembic_manage.rollout.side_by_side import side_by_side
from alembic_manage.rollout.stage import Staged, Step, expand
from alembic_manage.rollout.twin import Conversion, Twin, as_it_is
from alembic_manage.sql.tokens import TokenKind, tokens_of


def changed_type(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """A second column under a name of its own, filled by a trigger; in the end it gets the name of the first."""
    up = operation.up if isinstance(operation, Steps) else [operation]
    change = _change(up)
    if change is None:
        return None
    path = f"{change.table_name}.{change.column_name}"
    is_alone = [each for each in up if not isinstance(each, Remark)] == [change]
    if is_alone and scene.server.is_instant_type(change.existing_type, change.modify_type):
        return expand(Step.CHANGE, operation)
    down = _change(operation.down) if isinstance(operation, Steps) else change.reverse()
    twin = _twin(change, down, scene) if down is not None else "its way back is not of the usual kind"
    if isinstance(twin, Twin):
        return side_by_side(twin, scene)
    scene.note(f"{path} cannot have a second column beside it: {twin}")
    return None


def _change(operations: Sequence[ops.MigrateOperation]) -> ops.AlterColumnOp | None:
    """The change of the type, where the rest is only about the default."""
    others = [each for each in operations if not isinstance(each, Remark)]
    if not others or not all(isinstance(each, ops.AlterColumnOp) for each in others):
        return None
    found = [each for each in others if isinstance(each, ops.AlterColumnOp) and each.modify_type is not None]
    return found[0] if len(found) == 1 else None


def _twin(change: ops.AlterColumnOp, down: ops.AlterColumnOp, scene: Scene) -> Twin | str:
    """The twin, or why there is none."""
    name, schema = change.column_name, change.schema
    table = scene.table(change.table_name, schema)
    key = scene.key_of(change.table_name, schema)
    model = scene.model_column(change.table_name, schema, name)
    if table is None or name not in table.columns or model is None:
        return "nothing is known about it"
    if key is None:
        return "the table has no primary key"
    if _fate(change, scene) is not Fate.FITS:
        return "values that do not fit would stop the old code from writing"
    second = table.columns[name]._copy()
    second.name = second.key = short_name(name, "new")
    assert change.modify_type is not None
    second.type, second.comment, second.server_default = change.modify_type, model.comment, model.server_default
    if second.name in table.columns:
        return f"there is a column {second.name} already"
    dependents = dependents_of(scene, table, name, name, str(second.name))
    why = dependents.obstacle or scene.why_not_alone(change.table_name, schema, name, but=change, is_new_name=False)
    if why:
        return why
    return Twin(
        change.table_name,
        schema,
        key,
        table.columns[name],
        second,
        name,
        dependents,
        scene.place_of(table, table.columns[name]),
        _converted(change, name, scene),
        _converted(down, name, scene),
    )


def _fate(change: ops.AlterColumnOp, scene: Scene) -> Fate:
    dialect, rules = scene.detection.context.dialect, scene.detection.rules
    types: list[Any] = [change.existing_type, change.modify_type]
    old, new = (kind_of(each, dialect, rules) for each in types)
    return conversion(old, new, rules.quoted(change.column_name), "", rules).fate


def _converted(change: ops.AlterColumnOp, column: str, scene: Scene) -> Conversion:
    """What the file says in USING, of any value; else the value as it is, which the server converts where it is put."""
    using: Any = change.kw.get("postgresql_using") if isinstance(change, ConvertColumn) else None
    if using is None:
        return as_it_is
    tokens = list(tokens_of(using, scene.detection.rules))

    def convert(value: str) -> str:
        text, end = [], 0
        for token in tokens:
            is_column = token.kind in (TokenKind.WORD, TokenKind.NAME) and token.value == column
            if is_column:
                text += [using[end : token.start], value]
                end = token.end
        return "".join([*text, using[end:]])

    return convert
