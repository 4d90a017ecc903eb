"""The part of both schemas that a comparison speaks about."""

from __future__ import annotations

from collections.abc import Iterable

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.operations.steps import flattened
from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema


def visible(operations: Iterable[ops.MigrateOperation], detection: Detection) -> tuple[Schema, Schema]:
    """Copies of the schemas before and after, without tables and columns that come or go unreported.

    Those are nobody's to ask about: filters of env.py (include_object), known differences, other apps.
    """
    before, after = detection.before.copy(), detection.after.copy()
    reported = list(flattened(operations))
    dropped = {_key(each, before) for each in reported if isinstance(each, ops.DropTableOp)}
    created = {_key(each, before) for each in reported if isinstance(each, ops.CreateTableOp)}
    before.keep_tables({*after.tables, *dropped} - before.own_tables)
    after.keep_tables({*before.tables, *created})
    dropped_columns = {(_key(e, before), e.column_name) for e in reported if isinstance(e, ops.DropColumnOp)}
    added_columns = {(_key(e, before), e.column.name) for e in reported if isinstance(e, ops.AddColumnOp)}
    for key in before.tables.keys() & after.tables.keys():
        old, new = before.tables[key].columns, after.tables[key].columns
        gone = [name for name in old if name not in new and (key, name) not in dropped_columns]
        come = [name for name in new if name not in old and (key, name) not in added_columns]
        _leave_out(before, key, gone)
        _leave_out(after, key, come)
    return before, after


def _key(operation: ops.MigrateOperation, schema: Schema) -> Key:
    table: ops.CreateTableOp | ops.DropTableOp | ops.AddColumnOp | ops.DropColumnOp = operation  # type: ignore[assignment]
    return schema.key(table.schema, table.table_name)


def _leave_out(schema: Schema, key: Key, columns: Iterable[str]) -> None:
    for name in columns:
        schema.put_table(schema.table(key).without_column(name))
