"""How large the tables of a database are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, table, text

from alembic_manage.lint.finding import Size
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alembic_manage.dialects import Dialect


def sizes_of(connection: Connection, rules: Dialect) -> Mapping[Key, Size]:
    """Rows and bytes by table, as the server estimates them; where it does not, the rows are counted.

    Args:
        connection: to the database.
        rules: what is known about its kind.
    """
    if rules.table_sizes is None:
        return {Key(None, name): Size(_count(connection, name), 0) for name in inspect(connection).get_table_names()}
    default = inspect(connection).default_schema_name
    found = {}
    for schema, name, rows, size_bytes in connection.execute(text(rules.table_sizes)):
        found[Key(None if schema == default else schema, name)] = Size(int(rows or 0), int(size_bytes or 0))
    return found


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())
