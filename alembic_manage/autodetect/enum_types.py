"""Enum types that are apart from their columns: made before their first use, dropped after their last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Column, Enum

from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.comparators.enum_owner import another_compares_enums
from alembic_manage.operations import CreateEnum, DropEnum
from alembic_manage.operations.steps import flattened

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.state.schema import Schema

Place = tuple[str | None, str, str]
"""Schema, table and column."""
EnumKey = tuple[str | None, str]
"""Schema and name of a type."""


def with_enum_types(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with one that makes each enum type which is new, and one that drops each that is used no more.

    SQLAlchemy makes a type with a table, but not with a column, a second time with a second table, and drops none.
    """
    if another_compares_enums() or not any(rules.has_enum_types for rules in detection.kinds):
        return operations
    before = _uses(detection.before)
    begun: dict[EnumKey, Enum] = {}
    ended: set[Place] = set()
    for operation in flattened(operations):
        begun |= {_key(enum): enum for enum in _begun(operation)}
        ended |= set(_ended(operation))
    there = {(key.schema, key.name) for key in detection.before.enums} | set(before)
    made = [CreateEnum(str(enum.name), enum.enums, enum.schema) for key, enum in begun.items() if key not in there]
    gone = [
        DropEnum(key[1], _labels(detection.before, key, enum), key[0])
        for key, (enum, places) in before.items()
        if key not in begun and places <= ended
    ]
    return [*made, *operations, *gone]


def _key(enum: Enum) -> EnumKey:
    return enum.schema, str(enum.name)


def _uses(schema: Schema) -> Mapping[EnumKey, tuple[Enum, set[Place]]]:
    """The enum types of a schema, each with the columns that have it."""
    found: dict[EnumKey, tuple[Enum, set[Place]]] = {}
    for key, table in schema.shown_tables.items():
        for column in table.columns.values():
            for enum in enums_in(column.type):
                found.setdefault(_key(enum), (enum, set()))[1].add((key.schema, key.name, column.name))
    return found


def _labels(schema: Schema, key: EnumKey, enum: Enum) -> tuple[str, ...]:
    there = next((each for each in schema.enums.values() if (each.key.schema, each.key.name) == key), None)
    return there.labels if there is not None else tuple(enum.enums)


def _begun(operation: ops.MigrateOperation) -> Iterator[Enum]:
    """The enums of columns that come, or get another type."""
    if isinstance(operation, ops.CreateTableOp):
        for column in _columns(operation.columns):
            yield from enums_in(column.type)
    elif isinstance(operation, ops.AddColumnOp):
        yield from enums_in(operation.column.type)
    elif isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None:
        yield from enums_in(operation.modify_type)


def _ended(operation: ops.MigrateOperation) -> Iterator[Place]:
    """The columns that go, or get another type."""
    if isinstance(operation, ops.DropTableOp) and operation._reverse is not None:
        for column in _columns(operation._reverse.columns):
            yield operation.schema, operation.table_name, str(column.name)
    elif isinstance(operation, ops.DropColumnOp) or (
        isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None
    ):
        yield operation.schema, operation.table_name, operation.column_name


def _columns(items: Iterable[Any]) -> list[Column[Any]]:
    return [each for each in items if isinstance(each, Column)]
