"""Which foreign keys of other tables refer to a table."""

from __future__ import annotations

from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema


def references(schema: Schema, key: Key) -> set[tuple[Key, tuple[str, ...]]]:
    """The table and the columns of each foreign key to a table, those of the table itself left out.

    Args:
        schema: where the tables are.
        key: the table referred to.
    """
    return {
        (table.key, each.columns)
        for table in schema.shown_tables.values()
        for each in table.foreign_keys
        if each.referred == key and table.key != key
    }
