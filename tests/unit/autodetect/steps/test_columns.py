"""What is known about a column."""

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table
from support.detections import detection
from support.states import State

from alembic_manage.autodetect.steps.columns import (
    alone_unique,
    model_column,
    new_tables,
    path_of,
    reference_of,
    table_in,
    type_sql,
    unique_with,
)


def shop():
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    Table(
        "orders",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", Integer, ForeignKey("users.id"), unique=True),
        Column("a", Integer),
        Column("b", Integer),
        Column("c", Integer),
        sa.UniqueConstraint("a", "b", name="uq"),
        sa.Index("ix", "c", unique=True),
    )
    return metadata


def test_path_has_the_schema_where_there_is_one():
    assert path_of("orders", "total", None) == "orders.total"
    assert path_of("orders", "total", "shop") == "shop.orders.total"


def test_new_tables_are_those_that_are_created():
    operations = [ops.CreateTableOp("a", [], schema="shop"), ops.DropTableOp("b")]
    assert new_tables(operations) == {("shop", "a")}


def test_column_of_the_models_is_found_by_its_path():
    found = detection(MetaData(), shop())
    column = model_column(found, "orders", "a", None)
    assert column is not None and column.table.name == "orders"
    assert model_column(found, "orders", "x", None) is None
    assert model_column(found, "orders", "a", "shop") is None
    assert type_sql(sa.String(5), found) == "VARCHAR(5)"


def test_keys_and_unique_indexes_count():
    schema = State("postgresql", shop()).schema
    table = table_in(schema, "orders", None)
    assert table is not None
    assert [unique_with(table, name) for name in ("id", "user_id", "a", "b", "c")] == [True] * 5
    assert [alone_unique(table, name) for name in ("id", "user_id", "a", "b", "c")] == [True, True, False, False, True]
    assert unique_with(None, "id") is False


def test_reference_is_that_of_the_foreign_key():
    schema = State("postgresql", shop()).schema
    reference = reference_of(table_in(schema, "orders", None), "user_id")
    assert reference is not None and (str(reference[0]), *reference[1:]) == ("users", "id", ("id",))
    assert reference_of(table_in(schema, "orders", None), "a") is None
    assert reference_of(None, "a") is None
