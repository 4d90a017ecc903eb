"""DDL that comes as an object changes the state."""

import pytest
import sqlalchemy as sa
from sqlalchemy import schema as ddl
from support.states import KINDS, State

from alembic_manage.state.constructs import apply_construct
from alembic_manage.state.objects import Check, ForeignKey, Key, PrimaryKey


@pytest.fixture
def state() -> State:
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    return State("postgresql", metadata)


def test_an_object_of_another_kind_is_not_applied(state):
    assert not apply_construct(state.schema, sa.select(1), state.dialect)
    assert not apply_construct(state.schema, sa.DDL("DROP TABLE users"), state.dialect)
    assert state.schema.find(Key(None, "users"))


@pytest.mark.parametrize("name", KINDS)
def test_create_all_and_drop_all(name):
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("x", name="kind")))
    sa.Table(
        "b", metadata, sa.Column("a_id", sa.ForeignKey("a.id"), index=True), sa.Column("t", sa.String(5), comment="c")
    )
    state = State(name, metadata)
    metadata.create_all(state.engine)
    assert [str(key) for key in state.schema.tables] == ["a", "b"]
    assert "ix_b_a_id" in state.names("b")
    metadata.drop_all(state.engine)
    assert not state.schema.tables
    assert not state.schema.enums


def test_a_temporary_table_is_no_part_of_it(state):
    made = sa.Table("tmp", sa.MetaData(), sa.Column("id", sa.Integer), prefixes=["TEMPORARY"])
    made.create(state.engine)
    assert state.schema.find(Key(None, "tmp")) is None


def test_add_column_with_what_is_written_at_it(state):
    with state.op() as op:
        op.add_column("users", sa.Column("boss_id", sa.Integer, sa.ForeignKey("users.id", name="fk_boss")))
        op.add_column("users", sa.Column("age", sa.Integer, sa.CheckConstraint("age > 0", name="ck_age")))
        op.add_column(
            "users", sa.Column("age", sa.Integer, sa.CheckConstraint("age > 9", name="no")), if_not_exists=True
        )
    assert ForeignKey("fk_boss", ("boss_id",), Key(None, "users"), ("id",)) in state.table("users").constraints
    assert Check("ck_age", "age > 0") in state.table("users").constraints
    assert "no" not in state.names("users")


def test_alter_column_changes_only_what_is_said(state):
    with state.op() as op:
        op.alter_column("users", "name", server_default="x", comment="who")
        op.alter_column("users", "name", nullable=False)
        op.alter_column("users", "name", type_=sa.Text(), new_column_name="title")
    column = state.table("users").columns["title"]
    assert (column.default, column.comment, column.nullable) == ("'x'", "who", False)
    assert isinstance(column.type, sa.Text)
    with state.op() as op:
        op.alter_column("users", "title", server_default=None, comment=None)
    column = state.table("users").columns["title"]
    assert (column.default, column.comment) == (None, None)


def test_mariadb_s_change_says_the_whole_definition():
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.String(5), nullable=False, server_default="x", comment="c"))
    state = State("mysql", metadata)
    with state.op() as op:
        op.alter_column("t", "a", new_column_name="b", existing_type=sa.String(5))
    column = state.table("t").columns["b"]
    assert (column.nullable, column.default, column.comment) == (True, None, None)


def test_constraints_by_operations(state):
    with state.op() as op:
        op.create_unique_constraint("uq", "users", ["name"])
        op.create_check_constraint("ck", "users", sa.func.length(sa.column("name")) > 2)
        op.drop_constraint("users_pkey", "users", type_="primary")
        op.create_primary_key("pk", "users", ["id"])
        op.drop_constraint("uq", "users", type_="unique")
    assert state.table("users").constraints == (PrimaryKey("pk", ("id",)), Check("ck", "length(name) > 2"))


def test_indexes_by_operations(state):
    with state.op() as op:
        op.create_index("i", "users", ["name"])
        op.create_index("i", "users", ["id"], if_not_exists=True)
        op.drop_index("absent", if_exists=True)
        assert state.names("users")[-1] == "i"
        op.drop_index("i")
    assert "i" not in state.names("users")


def test_comments_and_names_of_tables(state):
    with state.op() as op:
        op.create_table_comment("users", "people")
        op.rename_table("users", "people")
    assert state.table("people").comment == "people"


def test_sequences_and_schemas(state):
    with state.engine.begin() as connection:
        connection.execute(ddl.CreateSchema("books", if_not_exists=True))
        connection.execute(ddl.CreateSequence(sa.Sequence("s", start=5, schema="books")))
        assert state.schema.sequences[Key("books", "s")].options["start"] == 5
        connection.execute(ddl.DropSequence(sa.Sequence("s", schema="books")))
        connection.execute(ddl.DropSchema("books"))
    assert not state.schema.schemas


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_tables_that_refer_to_one_another(name):
    metadata = sa.MetaData()
    for one, other in (("a", "b"), ("b", "a")):
        foreign_key = sa.ForeignKey(f"{other}.id", name=f"fk_{one}")
        sa.Table(one, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("other_id", foreign_key))
    state = State(name, metadata)
    assert [each.name for table in ("a", "b") for each in state.table(table).foreign_keys] == ["fk_a", "fk_b"]
