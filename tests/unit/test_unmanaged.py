"""A model's table with info={"managed": False} is nobody's to make, change or drop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from alembic_manage.alembic_plugin import ensure_registered


def changes(there: str, *columns: sa.Column[int], managed: bool = False) -> list[object]:
    """What autogenerate would do about a table, where the database has what a statement makes."""
    ensure_registered()
    metadata = sa.MetaData()
    sa.Table("report", metadata, *columns, info={} if managed else {"managed": False})
    with sa.create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql(there)
        return compare_metadata(MigrationContext.configure(connection), metadata)


def test_a_view_is_not_made() -> None:
    view = "CREATE VIEW report AS SELECT 1 AS id"
    assert changes(view, sa.Column("id", sa.Integer)) == []
    assert changes(view, sa.Column("id", sa.Integer), managed=True) != []


def test_a_table_is_not_changed() -> None:
    table = "CREATE TABLE report (id INTEGER)"
    more = sa.Column("more", sa.Integer, index=True)
    assert changes(table, sa.Column("id", sa.Integer), more) == []
