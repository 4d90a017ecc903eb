"""What DDL does to a schema, by the rules of each database."""

import pickle

import pytest
import sqlalchemy as sa
from support.states import KINDS, State

from alembic_manage.state.objects import (
    Check,
    Column,
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    Key,
    PrimaryKey,
    Sequence,
    Unique,
)
from alembic_manage.state.schema import Schema, SchemaError, Table

PARENT, CHILD = Key(None, "parent"), Key(None, "child")


@pytest.fixture(params=KINDS)
def schema(request) -> Schema:
    return family(request.param)


def family(name: str) -> Schema:
    """A parent, and a child with a foreign key to it."""
    schema = State(name).schema
    schema.create_table(table("parent", PrimaryKey(None, ("id",))))
    schema.create_table(
        table(
            "child", PrimaryKey(None, ("id",)), ForeignKey("fk", ("parent_id",), PARENT, ("id",)), extra=["parent_id"]
        )
    )
    return schema


def table(name: str, *constraints, extra=()) -> Table:
    columns = {each: Column(each, sa.Integer()) for each in ("id", "name", *extra)}
    return Table(Key(None, name), columns, constraints)


def index(name: str, *columns: str, **options) -> Index:
    return Index(name, tuple(IndexPart(each) for each in columns), **options)


# Every database


def test_what_is_there_already_is_refused_and_changes_nothing(schema):
    before = pickle.dumps(schema.dump())
    for refused in (
        lambda: schema.create_table(table("parent")),
        lambda: schema.add_column(PARENT, Column("name", sa.Text())),
        lambda: schema.rename_table(PARENT, CHILD),
        lambda: schema.rename_column(PARENT, "id", "name"),
        lambda: schema.create_table(table("new", Unique("u", ("absent",)))),
    ):
        with pytest.raises(SchemaError):
            refused()
    assert pickle.dumps(schema.dump()) == before


def test_what_is_missing_is_refused(schema):
    for refused in (
        lambda: schema.drop_table(Key(None, "absent")),
        lambda: schema.drop_column(PARENT, "absent"),
        lambda: schema.drop_constraint(PARENT, "absent"),
        lambda: schema.drop_index("absent", PARENT),
        lambda: schema.rename_column(PARENT, "absent", "x"),
        lambda: schema.drop_sequence(Key(None, "absent")),
        lambda: schema.drop_enum(Key(None, "absent")),
        lambda: schema.create_index(PARENT, index("i", "absent")),
    ):
        with pytest.raises(SchemaError):
            refused()


def test_if_exists_and_if_not_exists_leave_things_alone(schema):
    before = pickle.dumps(schema.dump())
    schema.create_table(table("parent"), if_not_exists=True)
    schema.add_column(PARENT, Column("name", sa.Text()), if_not_exists=True)
    schema.drop_table(Key(None, "absent"), if_exists=True)
    schema.drop_column(PARENT, "absent", if_exists=True)
    schema.drop_index("absent", PARENT, if_exists=True)
    schema.drop_constraint(PARENT, "absent", if_exists=True)
    assert pickle.dumps(schema.dump()) == before


def test_foreign_keys_follow_a_renamed_table_and_column(schema):
    schema.rename_table(PARENT, Key(None, "person"))
    schema.rename_column(Key(None, "person"), "id", "number")
    (foreign_key,) = schema.table(CHILD).foreign_keys
    assert (foreign_key.referred, foreign_key.referred_columns) == (Key(None, "person"), ("number",))
    assert list(schema.tables) == [Key(None, "person"), CHILD]


def test_a_renamed_column_keeps_its_place_and_is_followed(schema):
    schema.create_index(PARENT, index("i", "name"))
    schema.add_constraint(PARENT, Check("c", "name > 0"))
    schema.rename_column(PARENT, "name", "title")
    found = schema.table(PARENT)
    assert list(found.columns) == ["id", "title"]
    assert [each.columns for each in found.indexes] == [("title",)]
    assert Check("c", "title > 0") in found.constraints


def test_a_column_is_moved(schema):
    schema.move_column(PARENT, "name", "")
    assert list(schema.table(PARENT).columns) == ["name", "id"]
    schema.add_column(PARENT, Column("x", sa.Text()), after="name")
    assert list(schema.table(PARENT).columns) == ["name", "x", "id"]


def test_a_copy_can_be_changed_alone(schema):
    copy = schema.copy()
    copy.drop_column(PARENT, "name")
    copy.create_index(CHILD, index("i", "name"))
    assert "name" in schema.table(PARENT).columns
    assert "i" not in [each.name for each in schema.table(CHILD).indexes]


def test_what_fails_halfway_is_taken_back(schema):
    with pytest.raises(SchemaError), schema.atomic():
        schema.drop_column(PARENT, "name")
        schema.drop_column(PARENT, "absent")
    assert "name" in schema.table(PARENT).columns


def test_the_default_schema_by_name_is_the_default_schema(schema):
    assert schema.key(schema.default_schema, "parent") == PARENT
    assert schema.key("", "parent") == PARENT


def test_a_second_primary_key_is_refused(schema):
    with pytest.raises(SchemaError):
        schema.add_constraint(PARENT, PrimaryKey("pk2", ("name",)))


def test_a_dumped_schema_is_loaded(schema):
    loaded = State("postgresql").schema
    loaded.load(pickle.loads(pickle.dumps(schema.dump())))
    assert list(loaded.tables) == list(schema.tables)


# PostgreSQL


def test_postgresql_names_what_has_no_name():
    schema = family("postgresql")
    schema.add_constraint(PARENT, Unique(None, ("name",)))
    schema.add_constraint(PARENT, Check(None, "name > 0"))
    schema.create_index(PARENT, index("", "name"))
    names = [each.name for each in (*schema.table(PARENT).constraints, *schema.table(PARENT).indexes)]
    assert names == ["parent_pkey", "parent_name_key", "parent_name_check", "parent_name_idx"]


def test_postgresql_keeps_a_table_that_is_referred_to():
    schema = family("postgresql")
    with pytest.raises(SchemaError):
        schema.drop_table(PARENT)
    with pytest.raises(SchemaError):
        schema.drop_constraint(PARENT, "parent_pkey")
    schema.drop_table(PARENT, cascade=True)
    assert schema.table(CHILD).foreign_keys == ()


def test_postgresql_drops_what_uses_a_dropped_column():
    schema = family("postgresql")
    schema.create_index(CHILD, index("i", "parent_id", "name"))
    schema.drop_column(CHILD, "parent_id")
    assert [each.name for each in schema.table(CHILD).constraints] == ["child_pkey"]
    assert schema.table(CHILD).indexes == ()


def test_postgresql_index_names_are_unique_in_a_schema():
    schema = family("postgresql")
    schema.create_index(PARENT, index("i", "name"))
    with pytest.raises(SchemaError):
        schema.create_index(CHILD, index("i", "name"))
    schema.drop_index("i")


def test_postgresql_types_are_needed_by_their_columns():
    schema = family("postgresql")
    mood = sa.Enum("a", "b", name="mood")
    with pytest.raises(SchemaError):
        schema.add_column(PARENT, Column("m", mood))
    schema.create_enum(EnumType(Key(None, "mood"), ("a", "b")))
    schema.add_column(PARENT, Column("m", mood))
    with pytest.raises(SchemaError):
        schema.drop_enum(Key(None, "mood"))
    schema.rename_enum(Key(None, "mood"), Key(None, "humour"))
    schema.set_enum_labels(Key(None, "humour"), ("a", "b", "c"))
    found = schema.table(PARENT).columns["m"].type
    assert (found.name, list(found.enums)) == ("humour", ["a", "b", "c"])
    schema.drop_enum(Key(None, "humour"), cascade=True)
    assert "m" not in schema.table(PARENT).columns


def test_postgresql_sequences_and_schemas():
    schema = family("postgresql")
    schema.create_schema("books")
    schema.create_sequence(Sequence(Key("books", "s")))
    with pytest.raises(SchemaError):
        schema.drop_schema("books")
    schema.alter_sequence(Key("books", "s"), {"increment": 2})
    schema.rename_sequence(Key("books", "s"), Key("books", "t"))
    assert schema.sequences[Key("books", "t")].options == {"increment": 2}
    schema.drop_schema("books", cascade=True)
    assert not schema.sequences


# MariaDB


def test_mariadb_makes_an_index_for_a_foreign_key_that_gives_way_to_another():
    schema = family("mysql")
    assert [each.name for each in schema.table(CHILD).indexes] == ["fk"]
    schema.create_index(CHILD, index("mine", "parent_id", "name"))
    assert [each.name for each in schema.table(CHILD).indexes] == ["mine"]
    with pytest.raises(SchemaError):
        schema.drop_index("mine", CHILD)


def test_mariadb_unique_constraints_are_indexes():
    schema = family("mysql")
    schema.add_constraint(PARENT, Unique(None, ("name",)))
    (found,) = schema.table(PARENT).indexes
    assert (found.name, found.unique) == ("name", True)
    schema.drop_constraint(PARENT, "name", "unique")
    assert schema.table(PARENT).indexes == ()


def test_mariadb_a_dropped_column_shrinks_its_indexes():
    schema = family("mysql")
    schema.create_index(PARENT, index("i", "name", "id"))
    schema.drop_column(PARENT, "name")
    assert [each.columns for each in schema.table(PARENT).indexes] == [("id",)]
    with pytest.raises(SchemaError):
        schema.drop_column(CHILD, "parent_id")


def test_mariadb_ignores_the_case_of_columns_and_indexes_of_different_tables_share_names():
    schema = family("mysql")
    schema.create_index(PARENT, index("i", "NAME"))
    schema.create_index(CHILD, index("I", "name"))
    assert schema.column(PARENT, "NAME").name == "name"


def test_mariadb_generated_names_follow_the_table():
    schema = family("mysql")
    schema.add_constraint(CHILD, ForeignKey(None, ("name",), PARENT, ("id",)))
    assert schema.table(CHILD).foreign_keys[1].name == "child_ibfk_1"
    schema.rename_table(CHILD, Key(None, "kid"))
    assert schema.table(Key(None, "kid")).foreign_keys[1].name == "kid_ibfk_1"


# SQLite


def test_sqlite_keeps_a_column_in_use():
    schema = family("sqlite")
    with pytest.raises(SchemaError):
        schema.drop_column(CHILD, "parent_id")
    schema.drop_column(CHILD, "name")


def test_sqlite_constraints_have_no_made_up_names_and_tables_may_be_dropped():
    schema = family("sqlite")
    assert [each.name for each in schema.table(CHILD).constraints] == [None, "fk"]
    schema.drop_table(PARENT)


def test_a_descending_index_serves_a_foreign_key_where_those_need_one():
    state = State("mysql")
    state.engine.connect().exec_driver_sql("CREATE TABLE customers (id INTEGER PRIMARY KEY)")
    state.engine.connect().exec_driver_sql(
        "CREATE TABLE orders (customer_id INTEGER, KEY ix (customer_id DESC), "
        "CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customers (id))"
    )
    assert [index.name for index in state.table("orders").indexes] == ["ix"]
