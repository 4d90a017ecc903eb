"""Indexes that a database makes for foreign keys, and leaves behind when the key is dropped."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.operations import OnlyOn, Steps
from alembic_manage.state.objects import PrimaryKey, Unique

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.state.schema import Schema


def without_implied_indexes(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where a foreign key takes the index with it that was made for it.

    Source: MariaDB documentation, "Foreign Keys": an index is made where none begins with the key's columns; it stays
    when the key is dropped.
    """
    making = [rules for rules in detection.kinds if rules.indexes_foreign_keys]
    if not making:
        return operations
    # Another database of the project has no such index.
    only_on = [name for rules in making for name in rules.names] if len(making) < len(detection.kinds) else []
    again = {_identity(each) for each in operations if isinstance(each, ops.CreateForeignKeyOp)} & {
        _identity(each._reverse) for each in operations if isinstance(each, ops.DropConstraintOp)
    }
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        name = _left_by(operation, detection, again)
        if name is None:
            found.append(operation)
            continue
        key = _key_of(operation)
        assert key is not None
        table, schema = str(key.source_table), key.kw.get("source_schema")
        made = ops.CreateIndexOp(name, table, list(key.local_cols), schema=schema)
        drop = ops.DropIndexOp(name, table_name=table, schema=schema, _reverse=made)
        dropped = OnlyOn(only_on, drop) if only_on else drop
        is_drop = isinstance(operation, ops.DropConstraintOp)
        # Made again with its key it would be called after that.
        again_made = [dropped.reverse()] if name != str(key.constraint_name) else []
        found += [operation, Steps([dropped], again_made)] if is_drop else [Steps([], [dropped]), operation]
    return found


def _key_of(operation: ops.MigrateOperation | None) -> ops.CreateForeignKeyOp | None:
    """The foreign key that an operation makes or drops."""
    made = operation._reverse if isinstance(operation, ops.DropConstraintOp) else operation
    return made if isinstance(made, ops.CreateForeignKeyOp) else None


def _identity(operation: ops.MigrateOperation | None) -> tuple[str | None, str, str | None] | None:
    key = _key_of(operation)
    return (key.kw.get("source_schema"), key.source_table, str(key.constraint_name)) if key is not None else None


def _left_by(
    operation: ops.MigrateOperation, detection: Detection, again: Collection[tuple[str | None, str, str | None] | None]
) -> str | None:
    """The name of the index that an operation, or its reverse, leaves behind; None where there is none.

    A key that is dropped and made again, both times with such an index, keeps it.
    """
    key = _key_of(operation)
    if key is None or not key.constraint_name:
        return None
    is_drop = isinstance(operation, ops.DropConstraintOp)
    there, then = (detection.before, detection.after) if is_drop else (detection.after, detection.before)
    found = _implied(there, key)
    # It gives way to an index that is made for the same columns.
    if _is_served(then, key) or (_identity(key) in again and _implied(then, key)):
        return None
    # A new key has a name, and its index is called after it.
    return found if is_drop else found and str(key.constraint_name)


def _is_served(schema: Schema, key: ops.CreateForeignKeyOp) -> bool:
    columns = tuple(key.local_cols)
    table = schema.tables.get(schema.key(key.kw.get("source_schema"), str(key.source_table)))
    served = [each.columns for each in table.indexes if not each.is_implied] if table is not None else []
    served += [each.columns for each in table.constraints if isinstance(each, PrimaryKey | Unique)] if table else []
    return any(each[: len(columns)] == columns for each in served)


def _implied(schema: Schema, key: ops.CreateForeignKeyOp) -> str | None:
    """The name of the index that was made for a foreign key."""
    table = schema.tables.get(schema.key(key.kw.get("source_schema"), str(key.source_table)))
    indexes = table.indexes if table is not None else ()
    return next((each.name for each in indexes if each.is_implied and each.columns == tuple(key.local_cols)), None)
