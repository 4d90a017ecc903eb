"""The state written back as SQLAlchemy's objects and as DDL."""

import pytest
import sqlalchemy as sa
from support.states import KINDS, State

from alembic_manage.state.metadata import ddl_of, metadata_of, sql_of, type_text
from alembic_manage.state.objects import Column, Key

KIND = sa.Enum("a", name="k")


def shop() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("note", sa.String(30), server_default="it's 5:30", comment="a:b"),
        sa.Column("customer_id", sa.ForeignKey("customers.id", name="fk_customer")),
        sa.CheckConstraint("note <> ':x'", name="ck_note"),
        sa.Index("ix_note", "note", "at"),
    )
    sa.Table("customers", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", KIND))
    return metadata


@pytest.mark.parametrize("name", KINDS)
def test_the_ddl_of_a_state_makes_the_same_state(name):
    state, other = State(name, shop()), State(name)
    with other.engine.begin() as connection:
        for element in ddl_of(state.schema, state.dialect):
            connection.execute(element)
    assert sql_of(other.schema, other.dialect) == sql_of(state.schema, state.dialect)
    assert {str(key) for key in other.schema.tables} == {"orders", "customers"}
    assert not other.interpreter.obstacles


@pytest.mark.parametrize("name", KINDS)
def test_the_metadata_of_a_state(name):
    made = metadata_of(State(name, shop()).schema)
    orders = made.tables["orders"]
    assert list(orders.c.keys()) == ["id", "at", "note", "customer_id"]
    assert orders.c.customer_id.references(made.tables["customers"].c.id)
    assert str(orders.c.note.server_default.arg).replace("\\", "") == "'it''s 5:30'"
    assert "ix_note" in [index.name for index in orders.indexes]


def test_parents_come_first_and_cycles_are_closed_at_the_end():
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("b_id", sa.Integer))
    sa.Table("b", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a_id", sa.ForeignKey("a.id")))
    state = State("postgresql", metadata)
    with state.op() as op:
        op.create_foreign_key("fk_b", "a", "b", ["b_id"], ["id"])
    sql = sql_of(state.schema, state.dialect)
    assert [each.split("(")[0].split()[:3] for each in sql[:2]] == [["CREATE", "TABLE", "a"], ["CREATE", "TABLE", "b"]]
    assert sql[-1].startswith("ALTER TABLE")


def test_types_schemas_and_sequences_come_before_the_tables():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("m", sa.Enum("x", "y", name="mood")), schema=None)
    sa.Sequence("s", start=3, metadata=metadata)
    state = State("postgresql", metadata)
    state.schema.create_schema("books")
    words = [" ".join(each.split()[:2]) for each in sql_of(state.schema, state.dialect)]
    assert words == ["CREATE SCHEMA", "CREATE TYPE", "CREATE SEQUENCE", "CREATE TABLE"]


def test_a_numbered_column_that_is_no_key_is_a_serial():
    state = State("postgresql", shop())
    state.schema.add_column(Key(None, "orders"), Column("n", sa.BigInteger(), nullable=False, autoincrement=True))
    assert any("n BIGSERIAL NOT NULL" in each for each in sql_of(state.schema, state.dialect))


def test_an_identity_column():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("n", sa.Integer, sa.Identity(always=True)))
    state = State("postgresql", metadata)
    assert "n INTEGER GENERATED ALWAYS AS IDENTITY" in sql_of(state.schema, state.dialect)[0]


def test_a_type_that_cannot_be_compiled_is_shown_as_python_has_it():
    assert type_text(sa.types.NullType(), State("postgresql").dialect) == "NullType()"
    assert type_text(sa.String(5), State("postgresql").dialect) == "VARCHAR(5)"
