"""Fills a column of a table with rows before it becomes NOT NULL again, where nobody can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.checked_value import allowed_value
from alembic_manage.autodetect.steps.columns import path_of, reference_of, table_in, unique_with
from alembic_manage.autodetect.steps.neutral_value import neutral_value, numbered_word
from alembic_manage.operations import FillRows, NumberRows, SqlOperation

if TYPE_CHECKING:
    from alembic_manage.state.objects import Key
    from alembic_manage.state.schema import Table


def neutral_filling(
    detection: Detection, table: str, column: str, type_: Any, schema: str | None
) -> tuple[SqlOperation | None, str]:
    """The operation that fills the rows in which a column of the schema before is NULL, and a remark for a person.

    A foreign key gets the smallest key of the table that it refers to; a unique column numbers; any other one a value
    that means nothing. There is no operation where nothing is known about the type.
    """
    found, path = table_in(detection.before, table, schema), path_of(table, column, schema)
    dialect = detection.context.dialect
    # As the revision gave it: what is reflected may have lost that CHAR(32) holds a UUID.
    type_ = found.columns[column].type if found is not None and column in found.columns else type_
    reference = reference_of(found, column)
    if reference is not None:
        remark = f"rows get the smallest {reference[0]}.{reference[1]}; there must be one."
        return FillRows(table, column, _smallest(detection, *reference, found), schema), remark
    if unique_with(found, column):
        word = numbered_word(type_, dialect)
        if word is not None:
            return NumberRows(table, column, word, schema), "rows are numbered."
    value = allowed_value(found, column, type_, detection.before, dialect) or neutral_value(type_, dialect)
    if value is None:
        return None, f"fill the rows in which {path} is NULL here."
    return FillRows(table, column, value, schema), f"rows get {value}."


def _smallest(detection: Detection, referred: Key, column: str, columns: tuple[str, ...], own: Table | None) -> str:
    """A query for a column of the first row of a table; the same row for each column of a key."""
    quoted = detection.rules.quoted
    table = ".".join(quoted(name) for name in (referred.schema, referred.name) if name)
    order = ", ".join(quoted(name) for name in columns)
    query = f"SELECT {quoted(column)} FROM {table} ORDER BY {order} LIMIT 1"
    if own is not None and own.key == referred:
        # MySQL reads the table that it updates only as a derived one.
        query = f"SELECT * FROM ({query}) AS first"
    return f"({query})"
