"""From the operations of one revision to several revisions in phases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.part import Part
from alembic_manage.operations import Autocommit, ChangeEnum, RenameEnumValue
from alembic_manage.rollout.forms import FORMS
from alembic_manage.rollout.passed_names import passed_name
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.servers import server_of
from alembic_manage.rollout.stage import WORDS, Staged, in_order


@dataclass(frozen=True)
class Rollout:
    """The revisions to write."""

    parts: tuple[Part, ...]
    """In order; empty where the short form is as good, or the only one."""
    notes: tuple[str, ...] = ()
    """What is in its short form after all, and why, a line each."""


def rolled_out(operations: Sequence[ops.MigrateOperation], detection: Detection) -> Rollout:
    """The revisions that lead where the operations lead, while an application runs.

    Args:
        operations: as the autodetector would write them into one revision.
        detection: where they come from.
    """
    server = server_of(detection)
    if server is None:
        several = len(detection.kinds) > 1
        why = (
            "the project has several kinds of databases" if several else "the database has one writer at a time anyway"
        )
        return Rollout((), (f"zero downtime: {why}",))
    operations = list(_without_wrapping(operations))
    scene = Scene(detection, server, operations)
    enums = [each for each in scene.operations if isinstance(each, ChangeEnum | RenameEnumValue)]
    torn = next((each for each in enums if _is_torn(each, scene)), None)
    if torn is not None:
        why = f"{torn.name}: its values change while columns that have it come and go, so all is one migration"
        return Rollout((), (why,))
    name = passed_name(scene)
    if name is not None:
        return Rollout((), (f"{name}: something else gets this name, so all is one migration",))
    staged = [each for operation in operations for each in staged_of(operation, scene)]
    guarded = server.guard(scene.is_new)
    parts = [
        Part(phase.value, WORDS[phase, step], tuple(guarded(_together(members))))
        for phase, step, members in in_order(staged)
    ]
    return Rollout(tuple(parts), tuple(scene.notes))


def _is_torn(operation: ChangeEnum | RenameEnumValue, scene: Scene) -> bool:
    """Whether a value that goes, or gets another name, would have to do so both early and late."""
    only_adds = isinstance(operation, ChangeEnum) and set(operation.before) <= set(operation.after)
    return not only_adds and scene.comes_with(operation.name) and scene.goes_with(operation.name)


def staged_of(operation: ops.MigrateOperation, scene: Scene) -> list[Staged]:
    """What becomes of one operation."""
    return next(found for form in FORMS if (found := form(operation, scene)) is not None)


def _without_wrapping(operations: Iterable[ops.MigrateOperation]) -> Iterable[ops.MigrateOperation]:
    """The operations, where ModifyTableOps holds nothing back."""
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps) and operation.ops:
            yield from _without_wrapping(operation.ops)
        else:
            yield operation


def _together(operations: Iterable[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """Blocks without a transaction that follow one another are one."""
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        last = found[-1] if found else None
        if isinstance(operation, Autocommit) and isinstance(last, Autocommit):
            found[-1] = Autocommit([*last.members, *operation.members])
        else:
            found.append(operation)
    return found
