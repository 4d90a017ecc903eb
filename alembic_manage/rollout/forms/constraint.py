"""Foreign keys, CHECKs and UNIQUE constraints of tables that are in use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alembic.operations import ops

from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand


def constraint(operation: ops.MigrateOperation, scene: Scene) -> list[Staged] | None:
    """For new rows first, then the old ones are looked at; what goes is gone before the new code comes.

    One that the old code might violate comes after it.
    """
    if isinstance(operation, ops.CreateForeignKeyOp):
        return _foreign_key(operation, scene)
    if isinstance(operation, ops.CreateCheckConstraintOp):
        return _check(operation, scene)
    if isinstance(operation, ops.CreateUniqueConstraintOp):
        return _unique(operation, scene)
    if isinstance(operation, ops.DropConstraintOp) and operation.constraint_type != "primary":
        return expand(Step.CHANGE, operation)
    return None


def _foreign_key(operation: ops.CreateForeignKeyOp, scene: Scene) -> list[Staged]:
    """After the types and the key that it needs."""
    found = scene.server.foreign_key(operation)
    if waits(operation, scene):
        return _at_the_end(*found)
    return _in_two(phase_of(operation, operation.local_cols, scene), *found)


def waits(operation: ops.CreateForeignKeyOp, scene: Scene) -> bool:
    """Whether a foreign key needs what the last phase brings."""
    near = (operation.source_table, operation.kw.get("source_schema"), operation.local_cols)
    far = (operation.referent_table, operation.kw.get("referent_schema"), operation.remote_cols)
    is_changed = scene.changes_type(*near) or scene.changes_type(*far) or scene.changes_key(*far)
    return is_changed or scene.keeps_index(*near)


def _check(operation: ops.CreateCheckConstraintOp, scene: Scene) -> list[Staged]:
    words = _words(operation, scene)
    phase = phase_of(operation, words, scene)
    found = scene.server.check(operation)
    if found is not None and scene.changes_type(operation.table_name, operation.schema, words):
        return _at_the_end(*found)
    if found is None:
        name = f"{operation.table_name}.{operation.constraint_name}"
        scene.note(f"{name}: for a CHECK the database copies the table, and nobody writes to it meanwhile")
        return [Staged(phase, Step.FINISH, operation)]
    return _in_two(phase, *found)


def _unique(operation: ops.CreateUniqueConstraintOp, scene: Scene) -> list[Staged]:
    phase = phase_of(operation, [str(name) for name in operation.columns], scene)
    found = scene.server.unique(operation)
    if found is None:
        scene.note(f"{operation.table_name}.{operation.constraint_name}: it cannot be made from an index")
        return contract(Step.FINISH, operation)
    return [Staged(phase, Step.BUILD, each) for each in found]


def _in_two(phase: Phase, begin: ops.MigrateOperation, look: ops.MigrateOperation) -> list[Staged]:
    return [Staged(phase, Step.ATTACH, begin), Staged(phase, Step.VALIDATE, look)]


def _at_the_end(begin: ops.MigrateOperation, look: ops.MigrateOperation) -> list[Staged]:
    return [*contract(Step.FINISH, begin), *contract(Step.LOOK, look)]


def phase_of(operation: ops.AddConstraintOp, columns: Sequence[str], scene: Scene) -> Phase:
    """When a constraint begins to count: early where the old code writes none of its columns."""
    table = getattr(operation, "source_table", None) or getattr(operation, "table_name", "")
    schema = getattr(operation, "schema", None) or getattr(operation, "kw", {}).get("source_schema")
    return Phase.EXPAND if columns and scene.adds(str(table), schema, columns) else Phase.CONTRACT


def _words(operation: ops.CreateCheckConstraintOp, scene: Scene) -> list[str]:
    """The columns of its table that a CHECK names."""
    after = scene.detection.after
    table = after.find(after.key(operation.schema, operation.table_name))
    words = set(re.findall(r"\w+", str(operation.condition)))
    return [name for name in table.columns if name in words] if table is not None else []
