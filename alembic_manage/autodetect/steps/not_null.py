"""NOT NULL on tables that hold rows: the column is filled first."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Column, types

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.alteration import changes_of, part_of
from alembic_manage.autodetect.steps.checked_value import allowed_value
from alembic_manage.autodetect.steps.columns import (
    model_column,
    new_tables,
    path_of,
    reference_of,
    table_in,
    type_sql,
    unique_with,
)
from alembic_manage.autodetect.steps.dangling_value import null_again
from alembic_manage.autodetect.steps.filling import neutral_filling
from alembic_manage.autodetect.steps.neutral_value import literal_sql, neutral_value, plain_type
from alembic_manage.operations import AddNumberedColumn, FillRows, NumberRows, Remark, Steps
from alembic_manage.questions import NotNullQuestion, Value

if TYPE_CHECKING:
    from alembic_manage.state.schema import Table


def filled_before_not_null(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where each column that becomes NOT NULL is filled first, on the way up and on the way down."""
    new = new_tables(operations)
    found: list[ops.MigrateOperation] = []
    for operation in operations:
        if isinstance(operation, ops.AddColumnOp) and (operation.schema, operation.table_name) not in new:
            found += _added(operation, detection)
        elif isinstance(operation, ops.DropColumnOp):
            found += _dropped(operation, detection)
        elif isinstance(operation, ops.AlterColumnOp) and operation.modify_nullable is not None:
            found += _altered(operation, detection)
        else:
            found.append(operation)
    return found


def _added(operation: ops.AddColumnOp, detection: Detection) -> list[ops.MigrateOperation]:
    """The column added as it is, where it can be NULL or the database fills it; else in three steps."""
    column = operation.column
    if column.nullable or _fills_itself(column):
        return [operation]
    if _is_numbered(column) and _has_numbered_type(column, detection):
        return [Steps([AddNumberedColumn(operation.table_name, column, operation.schema)], [operation.reverse()])]
    nullable = _nullable(operation)
    filling = _numbers(operation) or _asked(operation.table_name, column, operation.schema, detection, True)
    if filling is None:
        return [nullable]
    up = [nullable, filling, _not_null(operation.table_name, column, operation.schema)]
    return [Steps(up, [operation.reverse()])]


def _dropped(operation: ops.DropColumnOp, detection: Detection) -> list[ops.MigrateOperation]:
    """The column dropped; taken back on a table with rows in three steps."""
    back = operation.reverse()
    column = back.column
    if column.nullable or _fills_itself(column):
        return [operation]
    table, schema = operation.table_name, operation.schema
    filling, remark = neutral_filling(detection, table, column.name, column.type, schema)
    down: list[ops.MigrateOperation] = [
        _nullable(back),
        Remark(f"The values of {path_of(table, column.name, schema)} are gone; {remark}"),
        *filling,
        _not_null(table, column, schema),
    ]
    return [Steps([operation], down)]


def _altered(operation: ops.AlterColumnOp, detection: Detection) -> list[ops.MigrateOperation]:
    """First what can be done before the column is filled, in either direction; each part can be taken back alone."""
    others = changes_of(operation) - {"nullable"}
    if operation.modify_nullable:
        rest = [part_of(operation, others, after={"nullable"})] if others else []
        return [_nullable_again(part_of(operation, {"nullable"}), detection), *rest]
    rest = [part_of(operation, others)] if others else []
    filling = _asked_about_existing(operation, detection)
    if filling is None:
        return [*rest]
    last = part_of(operation, {"nullable"}, after=others)
    return [*rest, Steps([filling, last], [last.reverse(), *null_again(filling, detection)])]


def _nullable_again(operation: ops.AlterColumnOp, detection: Detection) -> Steps:
    """NOT NULL taken away; on the way down the rows that are NULL by then are filled."""
    table, column, schema = operation.table_name, operation.column_name, operation.schema
    filling, remark = neutral_filling(detection, table, column, operation.existing_type, schema, is_gone=False)
    down = [
        Remark(f"{path_of(table, column, schema)} was NOT NULL; where it is NULL by now, {remark}"),
        *filling,
        operation.reverse(),
    ]
    return Steps([operation], down)


def _asked_about_existing(operation: ops.AlterColumnOp, detection: Detection) -> FillRows | None:
    """What fills the rows in which a column of the schema before is NULL."""
    column = model_column(detection, operation.table_name, operation.column_name, operation.schema)
    if column is None:
        column = Column(operation.column_name, operation.modify_type or operation.existing_type)
    return _asked(operation.table_name, column, operation.schema, detection, False)


def _asked(table: str, column: Column[Any], schema: str | None, detection: Detection, is_new: bool) -> FillRows | None:
    """The value that a person gives; None for later."""
    known = table_in(detection.after, table, schema)
    reference = reference_of(known, column.name)
    question = NotNullQuestion(
        path=path_of(table, column.name, schema),
        type_text=type_sql(column.type, detection),
        is_new=is_new,
        example=_example(column, known, detection),
        refers_to=f"{reference[0]}.{reference[1]}" if reference else None,
        is_unique=unique_with(known, column.name),
    )
    answer = detection.questioner.ask(question)
    return FillRows(table, column.name, answer.sql, schema) if isinstance(answer, Value) else None


def _example(column: Column[Any], table: Table | None, detection: Detection) -> str:
    """The default of the models, the server's default, or a value that means nothing and that CHECKs allow."""
    default: Any = column.default
    dialect = detection.context.dialect
    if isinstance(plain_type(column.type, dialect), types.LargeBinary):
        return "X''"
    sql = None
    if default is not None and default.is_scalar:
        sql = literal_sql(default.arg, column.type, dialect)
    server: Any = getattr(column.server_default, "arg", None)
    if sql is None and server is not None:
        # In sqlalchemy.text a colon before a name is written with a backslash.
        sql = str(getattr(server, "text", server)).replace("\\:", ":")
    sql = sql or allowed_value(table, column.name, column.type, detection.after, dialect)
    sql = sql or neutral_value(column.type, dialect) or "NULL"
    if isinstance(plain_type(column.type, dialect), types.Boolean):
        return {"0": "false", "1": "true"}.get(sql, sql)  # a person types neither number for a boolean
    return sql[1:-1].replace("''", "'") if sql[:1] == sql[-1:] == "'" and len(sql) > 1 else sql


def _numbers(operation: ops.AddColumnOp) -> NumberRows | None:
    """Numbers, for a new primary key of whole numbers: nobody need be asked."""
    if not _is_numbered(operation.column):
        return None
    return NumberRows(operation.table_name, operation.column.name, "number", operation.schema)


def _is_numbered(column: Column[Any]) -> bool:
    """Whether the database numbers the column once it is the primary key."""
    table = column.table
    return isinstance(column.type, types.Integer) and table is not None and table.autoincrement_column is column


def _has_numbered_type(column: Column[Any], detection: Detection) -> bool:
    """Whether every database of the project has a type for that, which says all that there is to say."""
    return column.comment is None and all(
        rules.numbered_type(column.type) is not column.type for rules in detection.kinds
    )


def _fills_itself(column: Column[Any]) -> bool:
    """Whether the database has a value for rows that are there already."""
    return column.server_default is not None or column.computed is not None or column.identity is not None


def _nullable(operation: ops.AddColumnOp) -> ops.AddColumnOp:
    made = copy(operation)
    made.column = operation.column._copy()
    made.column.nullable = True
    return made


def _not_null(table: str, column: Column[Any], schema: str | None) -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        table,
        column.name,
        schema=schema,
        existing_type=column.type,
        existing_nullable=True,
        existing_comment=column.comment,
        modify_nullable=False,
    )
