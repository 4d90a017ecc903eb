"""Fills a column of a table with rows before it becomes NOT NULL again, where nobody can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Enum

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.checked_value import allowed_value
from alembic_manage.autodetect.steps.columns import alone_unique, path_of, reference_of, table_in, unique_with
from alembic_manage.autodetect.steps.neutral_value import neutral_value, numbered_word
from alembic_manage.operations import FillRows, NumberRows, SqlOperation

if TYPE_CHECKING:
    from alembic_manage.state.objects import Key
    from alembic_manage.state.schema import Table


def neutral_filling(
    detection: Detection, table: str, column: str, type_: Any, schema: str | None, *, is_gone: bool = True
) -> tuple[list[SqlOperation], str]:
    """The operations that fill the rows in which a column of the schema before is NULL, and a remark for a person.

    A foreign key gets the smallest key of the table that it refers to; a unique column numbers; any other one a value
    that means nothing. There is no operation where nothing is known about the type.

    Args:
        detection: whose schema before counts.
        table: of the column.
        column: its name.
        type_: its type.
        schema: of the table.
        is_gone: whether the column has no values at all.
    """
    found, path = table_in(detection.before, table, schema), path_of(table, column, schema)
    dialect = detection.context.dialect
    # As the revision gave it: what is reflected may have lost that CHAR(32) holds a UUID.
    type_ = found.columns[column].type if found is not None and column in found.columns else type_
    reference = reference_of(found, column)
    word = numbered_word(type_, dialect) if unique_with(found, column) else None
    if reference is not None and word == "number" and is_gone and found is not None and alone_unique(found, column):
        numbers = NumberRows(table, column, word, schema)
        nth = _nth(detection, *reference[:2], found.key, column)
        remark = f"each row gets another {reference[0]}.{reference[1]}; there must be enough."
        return [numbers, FillRows(table, column, nth, schema, f"{detection.rules.quoted(column)} IS NOT NULL")], remark
    if reference is not None:
        remark = f"rows get the smallest {reference[0]}.{reference[1]}; there must be one."
        return [FillRows(table, column, _smallest(detection, *reference, found), schema)], remark
    if word is not None:
        return [NumberRows(table, column, word, schema)], "rows are numbered."
    value = (
        allowed_value(found, column, type_, detection.before, dialect)
        or _lasting_label(detection, type_)
        or neutral_value(type_, dialect)
    )
    if value is None:
        return [], f"fill the rows in which {path} is NULL here."
    return [FillRows(table, column, value, schema)], f"rows get {value}."


def _lasting_label(detection: Detection, type_: Any) -> str | None:
    """A label that an enum type has before and after; None for other types, and where there is none.

    One that the way back adds cannot be used there. Source: PostgreSQL 16 manual, ALTER TYPE, "Notes".
    """
    name = detection.rules.enum_key(type_) if isinstance(type_, Enum) else None
    if name is None:
        return None
    before, after = (schema.enums.get(schema.key(*name)) for schema in (detection.before, detection.after))
    lasting = [label for label in before.labels if label in after.labels] if before and after else []
    return detection.rules.text_literal(lasting[0]) if lasting else None


def _nth(detection: Detection, referred: Key, key: str, own: Key, column: str) -> str:
    """A query for the key of another table that has the number which stands in the column."""
    quoted = detection.rules.quoted
    order = f"row_number() OVER (ORDER BY {quoted(key)})"
    keys = f"SELECT {quoted(key)} AS found, {order} AS number FROM {_path(detection, referred)}"
    return f"(SELECT found FROM ({keys}) AS numbered WHERE number = {_path(detection, own)}.{quoted(column)})"


def _path(detection: Detection, key: Key) -> str:
    return ".".join(detection.rules.quoted(name) for name in (key.schema, key.name) if name)


def _smallest(detection: Detection, referred: Key, column: str, columns: tuple[str, ...], own: Table | None) -> str:
    """A query for a column of the first row of a table; the same row for each column of a key."""
    quoted, table = detection.rules.quoted, _path(detection, referred)
    order = ", ".join(quoted(name) for name in columns)
    query = f"SELECT {quoted(column)} FROM {table} ORDER BY {order} LIMIT 1"
    if own is not None and own.key == referred:
        # MySQL reads the table that it updates only as a derived one.
        query = f"SELECT * FROM ({query}) AS first"
    return f"({query})"
