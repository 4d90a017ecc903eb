"""Drops the columns of a table from the last to the first."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.columns import table_in


def last_column_first(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with those that drop columns in an order that, taken back, gives the columns in their old order.

    Alembic has them in the order of a set, which differs from run to run.
    Source: Alembic 1.20, autogenerate/compare/tables.py.
    """
    drops = [each for each in operations if isinstance(each, ops.DropColumnOp)]
    waiting = {
        key: sorted((each for each in drops if _key(each) == key), key=lambda each: _position(each, detection))
        for key in map(_key, drops)
    }
    return [waiting[_key(each)].pop() if isinstance(each, ops.DropColumnOp) else each for each in operations]


def _key(operation: ops.DropColumnOp) -> tuple[str | None, str]:
    return operation.schema, operation.table_name


def _position(operation: ops.DropColumnOp, detection: Detection) -> int:
    table = table_in(detection.before, operation.table_name, operation.schema)
    names = list(table.columns) if table is not None else []
    return names.index(operation.column_name) if operation.column_name in names else len(names)
