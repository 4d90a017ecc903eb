"""Values that an enum loses or that get another name: the rows that hold them are asked about, and updated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Enum

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.alteration import changes_of, part_of
from alembic_manage.autodetect.steps.columns import path_of, table_in
from alembic_manage.autodetect.steps.labels import checked_labels, inline_labels, merged
from alembic_manage.autodetect.steps.removed_labels import RemovedLabels, asked_about_removed
from alembic_manage.operations import ChangeEnum, FillRows, Remark, Steps
from alembic_manage.sql.labels import labels_allowed

if TYPE_CHECKING:
    from collections.abc import Iterable


def with_removed_values(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where each value that an enum loses is taken care of before the enum changes."""
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ChangeEnum):
            found += _named(operation, detection)
        elif isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None:
            found += _inline(operation, detection)
        else:
            found.append(operation)
    return _checked(found, detection)


# Types of their own


def _named(operation: ChangeEnum, detection: Detection) -> list[ops.MigrateOperation]:
    path = ".".join(part for part in (operation.schema, operation.name) if part)
    answers = asked_about_removed(path, operation.before, operation.after, detection)
    if answers.after == answers.before:
        return []
    changed = operation.to(answers.after, answers.replaced)
    remark = _remark(path, answers)
    return [Steps([changed], [*remark, changed.reverse()])] if remark else [changed]


# Columns with an enum of their own


def _inline(operation: ops.AlterColumnOp, detection: Detection) -> list[ops.MigrateOperation]:
    dialect, type_ = detection.context.dialect, operation.modify_type
    before, after = inline_labels(operation.existing_type, dialect), inline_labels(type_, dialect)
    if type_ is None or not before or not after or detection.rules.enum_key(type_) is not None:
        return [operation]
    place = _Place(operation.table_name, operation.column_name, operation.schema, detection)
    answers = asked_about_removed(place.path, before, after, detection, place.renamed)
    others = changes_of(operation) - {"type"}
    if answers.after == answers.before:
        return [part_of(operation, others)] if others else []
    if answers.after != after:
        operation.modify_type = _enum_like(type_, answers.after)
    up, down = place.updates(answers), place.updates_back(answers)
    return [
        Steps(
            widened_around(operation, answers, up),
            [*_remark(place.path, answers), *widened_around(operation.reverse(), answers, down)],
        )
    ]


def widened_around(
    operation: ops.AlterColumnOp, answers: RemovedLabels, updates: list[FillRows]
) -> list[ops.MigrateOperation]:
    """The change of a column's enum with updates of the rows, to which both old and new labels must be known.

    Args:
        operation: the change, in one direction.
        answers: the labels.
        updates: what rows get, in that direction; the column changes at once where nothing does.
    """
    if not updates:
        return [operation]
    both = _enum_like(operation.modify_type, merged(answers.before, answers.after))
    wider = part_of(operation, {"type"})
    wider.modify_type = both
    narrower = part_of(operation, changes_of(operation))
    narrower.existing_type = both
    return [wider, *updates, narrower]


def _enum_like(type_: Any, labels: Iterable[str]) -> Enum:
    return Enum(*labels, name=getattr(type_, "name", None))


# Columns that a CHECK confines


def _checked(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations with the updates where both old and new labels are allowed: no CHECK is there, and the column is
    as long as the longer ones need it.
    """
    found = list(operations)
    for operation in operations:
        if not isinstance(operation, ops.CreateCheckConstraintOp):
            continue
        after = table_in(detection.after, operation.table_name, operation.schema)
        columns = after.columns if after is not None else ()
        allowed = labels_allowed(str(operation.condition), detection.rules, operation.table_name, columns)
        if allowed is None:
            continue
        place = _Place(operation.table_name, allowed.column, operation.schema, detection)
        before = checked_labels(table_in(detection.before, place.table, place.schema), place.column, detection.before)
        if not before or set(before) == set(allowed.labels):
            continue
        answers = asked_about_removed(place.path, before, allowed.labels, detection, place.renamed)
        if answers.after != tuple(allowed.labels):
            texts = ", ".join(map(detection.rules.text_literal, answers.after))
            operation.condition = f"{detection.rules.quoted(place.column)} IN ({texts})"
        up, down = place.updates(answers), [*_remark(place.path, answers), *place.updates_back(answers)]
        if up or down:
            found.insert(_where(found, operation, place), Steps(up, down))
    return found


def _where(operations: list[ops.MigrateOperation], check: ops.CreateCheckConstraintOp, place: _Place) -> int:
    """Before the new CHECK; before the column becomes shorter, too."""
    for position, each in enumerate(operations):
        if isinstance(each, ops.AlterColumnOp) and place.is_of(each) and _shortens(each):
            return position
    return operations.index(check)


def _shortens(operation: ops.AlterColumnOp) -> bool:
    old, new = (getattr(type_, "length", None) for type_ in (operation.existing_type, operation.modify_type))
    return operation.modify_type is not None and new is not None and (old is None or new < old)


# Both


@dataclass(frozen=True)
class _Place:
    """A column whose values are labels."""

    table: str
    column: str
    schema: str | None
    detection: Detection

    @property
    def path(self) -> str:
        return path_of(self.table, self.column, self.schema)

    @property
    def renamed(self) -> Mapping[str, str]:
        """The labels that a person has renamed."""
        start = f"{self.path}."
        found = self.detection.renamed_values.items()
        return {path.removeprefix(start): new for path, new in found if path.startswith(start)}

    def is_of(self, operation: ops.AlterColumnOp) -> bool:
        """Whether an operation changes this column."""
        return (operation.schema, operation.table_name, operation.column_name) == (
            self.schema,
            self.table,
            self.column,
        )

    def updates(self, answers: RemovedLabels) -> list[FillRows]:
        """What rows get on the way up."""
        literal = self.detection.rules.text_literal
        renamed = {old: literal(new) for old, new in answers.renamed.items() if self._differ(old, new)}
        return [self._update(old, value) for old, value in {**renamed, **answers.replaced}.items()]

    def updates_back(self, answers: RemovedLabels) -> list[FillRows]:
        """What rows get on the way down: the old names, the last first, as one may be the new name of another value."""
        literal = self.detection.rules.text_literal
        back = [(new, old) for old, new in reversed([*answers.renamed.items()]) if self._differ(old, new)]
        return [self._update(new, literal(old)) for new, old in back]

    def _differ(self, old: str, new: str) -> bool:
        """Whether the database tells the names apart."""
        return not (self.detection.rules.ignores_case_of_labels and old.lower() == new.lower())

    def _update(self, label: str, value: str) -> FillRows:
        rules = self.detection.rules
        where = f"{rules.quoted(self.column)} = {rules.text_literal(label)}"
        return FillRows(self.table, self.column, value, self.schema, where)


def _remark(path: str, answers: RemovedLabels) -> list[Remark]:
    """Rows with a new label have nothing to go back to."""
    if not answers.added:
        return []
    return [
        Remark(f"Rows in which {path} is {' or '.join(answers.added)} stop the downgrade: that is not known there.")
    ]
