"""What only some of a project's databases understand, where it has several kinds of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy import PrimaryKeyConstraint, Table

from alembic_manage.dialects import Dialect
from alembic_manage.operations import (
    ChangeEnum,
    CreateEnum,
    DropEnum,
    FillOnce,
    FillRows,
    NumberRows,
    OnlyOn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    SqlOperation,
    Steps,
)
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection

_PORTABLE = (FillOnce, FillRows)
_OF_ENUMS = (ChangeEnum, CreateEnum, DropEnum, RenameEnumValue)


def understood_by_each(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where SQL of one kind of database runs on that kind only.

    A rename that one of the databases cannot do is a drop and an add on all of them: no data hangs on it.
    """
    if len(detection.kinds) == 1:
        return operations
    return [each for operation in operations for each in _understood(operation, detection)]


def _understood(operation: ops.MigrateOperation, detection: Detection) -> Iterator[ops.MigrateOperation]:
    if isinstance(operation, Steps):
        up, down = (
            [each for inner in direction for each in _understood(inner, detection)]
            for direction in (operation.up, operation.down)
        )
        yield Steps(up, down)
    elif isinstance(operation, RenameIndex | RenameConstraint):
        yield from _renamed(operation, detection)
    elif isinstance(operation, NumberRows):
        yield from (OnlyOn(rules.names, operation.only_for(rules)) for rules in detection.kinds)
    elif isinstance(operation, SqlOperation) and type(operation) not in _PORTABLE:
        kinds = [rules for rules in detection.kinds if _understands(rules, operation, detection)]
        names = [name for rules in kinds for name in rules.names]
        yield operation if len(kinds) == len(detection.kinds) else OnlyOn(names, operation)
    else:
        yield operation


def _understands(rules: Dialect, operation: SqlOperation, detection: Detection) -> bool:
    return rules.has_enum_types if isinstance(operation, _OF_ENUMS) else rules is detection.rules


def _renamed(operation: RenameIndex | RenameConstraint, detection: Detection) -> Iterator[ops.MigrateOperation]:
    """A rename of an index or a constraint, in SQL that is the same for all, or as a drop and an add."""
    statements = set()
    for rules in detection.kinds:
        try:
            statements.add(tuple(operation.statements(rules.dialect_class(rules.names[-1])())))
        except NotImplementedError:
            statements.add(())
    metadata = metadata_of(detection.before)
    table = metadata.tables.get(str(Key(operation.schema, str(operation.table_name))))
    replaced = _replaced(operation, table) if len(statements) > 1 and table is not None else ()
    yield from replaced or [operation]


def _replaced(operation: RenameIndex | RenameConstraint, table: Table) -> Sequence[ops.MigrateOperation]:
    """The drop of the old name and the add of the new one; the schema before has the new name already."""
    if isinstance(operation, RenameIndex):
        index = next((each for each in table.indexes if each.name == operation.new), None)
        if index is None:
            return ()
        index_op = ops.CreateIndexOp.from_index(index)
        old_index = ops.CreateIndexOp.from_index(index)
        old_index.index_name = operation.old
        dropped = ops.DropIndexOp(operation.old, table_name=str(table.name), schema=table.schema, _reverse=old_index)
        return [dropped, index_op]
    constraint = next((each for each in table.constraints if each.name == operation.new), None)
    if constraint is None or isinstance(constraint, PrimaryKeyConstraint):
        return ()
    added = ops.AddConstraintOp.from_constraint(constraint)
    drop = ops.DropConstraintOp.from_constraint(constraint)
    drop.constraint_name = operation.old
    if drop._reverse is not None:
        drop._reverse.constraint_name = operation.old  # type: ignore[attr-defined]
    return [drop, added]
