"""Indexes on expressions, which a table that is made anew loses: they are dropped before and made again after.

Alembic's batch makes the indexes again that SQLAlchemy reads from the database: of SQLite none on an expression, and of
one with a sort order the plain columns. Source: SQLAlchemy 2.1, SQLiteDialect.get_indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops

from alembic_manage.alembic_api import final_name
from alembic_manage.autodetect.batches import table_of
from alembic_manage.operations import Apart, Remark, Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from sqlalchemy import Index

    from alembic_manage.autodetect.detection import Detection

_IndexOp: TypeAlias = ops.CreateIndexOp | ops.DropIndexOp
_REBUILDS_NOTHING = (ops.CreateIndexOp, ops.DropIndexOp, ops.CreateTableCommentOp, ops.DropTableCommentOp, Remark)


def with_forgotten_indexes(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations; around those that may make a table anew stand the drops and the creations of such indexes."""
    if not any(not rules.reflects_expressions for rules in detection.kinds):
        return operations
    tables = dict.fromkeys(key for each in operations if _rebuilds(each) for key in _tables(each))
    for schema, name in tables:
        operations = _of_table(operations, detection, Key(schema, name))
    return operations


def _parts(operation: ops.MigrateOperation) -> list[ops.MigrateOperation]:
    """What it does, in either direction."""
    return list(flattened([*operation.up, *operation.down] if isinstance(operation, Steps) else [operation]))


def _tables(operation: ops.MigrateOperation) -> list[tuple[str | None, str]]:
    """Schema and name of the tables that it changes."""
    return [key for each in _parts(operation) if (key := table_of(each)) is not None]


def _rebuilds(operation: ops.MigrateOperation) -> bool:
    """Whether it, or its reverse, may make its table anew."""
    return any(not isinstance(each, _REBUILDS_NOTHING) for each in _parts(operation))


def _of_table(operations: list[ops.MigrateOperation], detection: Detection, key: Key) -> list[ops.MigrateOperation]:
    forgotten = {*_forgotten(detection.before.tables.get(key)), *_forgotten(detection.after.tables.get(key))}
    own = [each for each in operations if (key.schema, key.name) in _tables(each)]
    changed = [each for each in own if isinstance(each, _IndexOp) and str(each.index_name) in forgotten]
    kept = list(_kept(detection, key, forgotten - {str(each.index_name) for each in changed}))
    if not changed and not kept:
        return operations
    first, last = operations.index(own[0]), operations.index(own[-1])
    before = [each for each in changed if isinstance(each, ops.DropIndexOp)]
    before += [ops.DropIndexOp.from_index(index) for index in kept]
    after = [ops.CreateIndexOp.from_index(index) for index in kept]
    after += [each for each in changed if isinstance(each, ops.CreateIndexOp)]
    between = [each for each in operations[first : last + 1] if each not in changed]
    return [*operations[:first], *map(Apart, before), *between, *map(Apart, after), *operations[last + 1 :]]


def _forgotten(table: Any) -> Iterator[str]:
    """The names of the indexes of a table that are not on plain columns alone."""
    for index in table.indexes if table is not None else ():
        if not all(part.is_column for part in index.parts):
            yield index.name


def _kept(detection: Detection, key: Key, names: Iterable[str]) -> Iterator[Index]:
    """The indexes of the models with these names, which are there before too."""
    there = {index.name for index in detection.before.tables[key].indexes} if key in detection.before.tables else set()
    dialect = detection.context.dialect
    for table in detection.model_tables:
        if detection.after.key(table.schema, str(table.name)) == key:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                if final_name(index, dialect) in there.intersection(names):
                    yield index
