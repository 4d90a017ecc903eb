"""Rows that refer to a table which is dropped: the way back makes the table again, but not what it held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.operations import FillRows, Remark, Steps

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def without_orphans(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where the way back empties a column before a foreign key leads it to a table without rows.

    A column that may not be NULL is left alone: the key then stops the way back.
    """
    tables = {(each.schema, each.table_name) for each in operations if isinstance(each, ops.DropTableOp)}
    columns = {
        (each.schema, each.table_name, each.column_name) for each in operations if isinstance(each, ops.DropColumnOp)
    }

    def safe(operation: ops.MigrateOperation) -> ops.MigrateOperation:
        key = operation._reverse if isinstance(operation, ops.DropConstraintOp) else None
        if not isinstance(key, ops.CreateForeignKeyOp):
            return operation
        place = (key.kw.get("source_schema"), str(key.source_table))
        other = (key.kw.get("referent_schema"), str(key.referent_table))
        if other not in tables or place in tables or {(*place, name) for name in key.local_cols} & columns:
            return operation
        return Steps([operation], [*_emptied(key, detection), operation.reverse()])

    return [safe(operation) for operation in operations]


def _emptied(key: ops.CreateForeignKeyOp, detection: Detection) -> Iterator[ops.MigrateOperation]:
    schema, name = key.kw.get("source_schema"), str(key.source_table)
    table = detection.before.tables[detection.before.key(schema, name)]
    columns = [column for column in key.local_cols if table.columns[column].nullable]
    if not columns:
        return
    yield Remark(f"{key.referent_table} comes back without rows: nothing can refer to them.")
    for column in columns:
        quoted = detection.rules.quoted(column)
        yield FillRows(name, column, "NULL", schema, where=f"{quoted} IS NOT NULL")
