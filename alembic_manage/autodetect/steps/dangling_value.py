"""On the way back: a value that NULLs were filled with, and that a foreign key which comes back does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alembic_manage.autodetect.steps.columns import path_of, table_in
from alembic_manage.operations import FillRows, Remark

if TYPE_CHECKING:
    from alembic.operations import ops

    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.state.objects import ForeignKey, Key
    from alembic_manage.state.schema import Table


def null_again(filling: FillRows, detection: Detection) -> Iterator[ops.MigrateOperation]:
    """What makes NULL again, of a filled column that may be NULL now, the values that refer to nothing.

    Other values that refer to nothing are left, and stop the migration: nobody but the revision's author gave this one.
    """
    name = str(filling.table_name)
    table, after = (table_in(schema, name, filling.schema) for schema in (detection.before, detection.after))
    if table is None or after is None:
        return
    for key in table.foreign_keys:
        if filling.column in key.columns and key.referred_columns and _comes_back(key, after, detection):
            path = path_of(name, filling.column, filling.schema)
            yield Remark(f"Where {path} was filled with what {key.referred} does not have, it is NULL again.")
            where = _refers_to_nothing(table, key, filling, detection)
            yield FillRows(name, filling.column, "NULL", filling.schema, where)


def _comes_back(key: ForeignKey, after: Table, detection: Detection) -> bool:
    """Whether the key goes, and what it refers to stays."""
    referred = detection.after.find(key.referred)
    stays = referred is not None and all(name in referred.columns for name in key.referred_columns)
    return stays and _reference(key) not in [_reference(each) for each in after.foreign_keys]


def _reference(key: ForeignKey) -> tuple[object, ...]:
    return key.columns, key.referred, key.referred_columns


def _refers_to_nothing(table: Table, key: ForeignKey, filling: FillRows, detection: Detection) -> str:
    quoted = detection.rules.quoted

    def path(place: Key) -> str:
        return ".".join(quoted(name) for name in (place.schema, place.name) if name)

    # MySQL reads the table that it updates only as a derived one.
    known = f"(SELECT * FROM {path(table.key)})" if key.referred == table.key else path(key.referred)
    pairs = zip(key.referred_columns, key.columns, strict=True)
    same = " AND ".join(f"known.{quoted(there)} = {path(table.key)}.{quoted(here)}" for there, here in pairs)
    return f"{quoted(filling.column)} = {filling.value} AND NOT EXISTS (SELECT 1 FROM {known} AS known WHERE {same})"
