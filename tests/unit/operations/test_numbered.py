"""A new column that the database numbers."""

import sqlalchemy as sa
from sqlalchemy import Column
from support.states import State

from alembic_manage.operations import AddNumberedColumn


def test_type_that_numbers_is_as_big_as_the_column():
    dialect = State().dialect
    for type_, word in ((sa.Integer(), "SERIAL"), (sa.BigInteger(), "BIGSERIAL"), (sa.SmallInteger(), "SMALLSERIAL")):
        operation = AddNumberedColumn("Log", Column("id", type_), "shop")
        assert operation.statements(dialect) == [f'ALTER TABLE shop."Log" ADD COLUMN id {word} NOT NULL']


def test_state_knows_that_the_column_is_numbered():
    metadata = sa.MetaData()
    sa.Table("log", metadata, Column("text", sa.Text()))
    state = State("postgresql", metadata)
    with state.op() as op:
        op.invoke(AddNumberedColumn("log", Column("id", sa.Integer())))
    assert state.table("log").columns["id"].autoincrement and not state.table("log").columns["id"].nullable


def test_column_is_dropped_on_the_way_back():
    back = AddNumberedColumn("log", Column("id", sa.Integer()), "shop").reverse()
    assert (back.schema, back.table_name, back.column_name) == ("shop", "log", "id")
