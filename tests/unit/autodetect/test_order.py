"""An order of operations that runs everywhere."""

from types import SimpleNamespace

import sqlalchemy as sa
from alembic.operations import ops

from alembic_manage.autodetect.order import in_order, without_needless_drops
from alembic_manage.dialects import dialect_named
from alembic_manage.operations import CreateEnum, Steps

POSTGRESQL = SimpleNamespace(kinds=[dialect_named("postgresql")])
"""There the name of an index spans tables."""
MARIADB = SimpleNamespace(kinds=[dialect_named("mariadb")])
NOTHING_ELSE = None
"""The order of these operations needs no more than themselves."""


def table(name: str, *items, metadata=None) -> sa.Table:
    return sa.Table(name, metadata or sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *items)


def drop_index(table_name: str = "orders", schema: str | None = None) -> ops.DropIndexOp:
    reverse = ops.CreateIndexOp("ix", table_name, ["id"], schema=schema)
    return ops.DropIndexOp("ix", table_name=table_name, schema=schema, _reverse=reverse)


def family() -> tuple[ops.DropTableOp, ops.DropTableOp]:
    """The drops of a table and of one that refers to it."""
    metadata = sa.MetaData()
    customers = table("customers", metadata=metadata)
    orders = table("orders", sa.Column("customer_id", sa.ForeignKey("customers.id")), metadata=metadata)
    return ops.DropTableOp.from_table(customers), ops.DropTableOp.from_table(orders)


def described(operations) -> list[str]:
    return [f"{type(each).__name__} {getattr(each, 'table_name', None)}" for each in operations]


# Indexes of tables that come and go


def test_the_index_of_a_dropped_table_is_not_dropped_before_it():
    index, drop = without_needless_drops([drop_index(), ops.DropTableOp("orders")], POSTGRESQL)
    assert isinstance(index, Steps)
    assert index.up == []
    assert isinstance(drop, ops.DropTableOp)


def test_the_index_of_a_dropped_table_comes_back_with_it():
    index, _ = without_needless_drops([drop_index(), ops.DropTableOp("orders")], POSTGRESQL)
    assert described(index.reverse().up) == ["CreateIndexOp orders"]


def test_the_index_of_a_new_table_is_not_dropped_before_it():
    create = ops.CreateTableOp.from_table(table("orders"))
    _, index = without_needless_drops([create, ops.CreateIndexOp("ix", "orders", ["id"])], POSTGRESQL)
    assert described(index.up) == ["CreateIndexOp orders"]
    assert index.reverse().up == []


def test_the_index_of_another_table_is_dropped():
    other = drop_index("customers")
    drop = ops.DropTableOp("orders")
    assert without_needless_drops([other, drop], POSTGRESQL) == [other, drop]


def test_the_table_of_the_same_name_in_another_schema_is_another_table():
    other = drop_index(schema="archive")
    drop = ops.DropTableOp("orders")
    assert without_needless_drops([other, drop], POSTGRESQL) == [other, drop]


def test_the_index_of_a_new_table_is_dropped_on_the_way_back_where_its_name_must_be_free_for_another():
    create = ops.CreateTableOp.from_table(table("lines"))
    operations = [create, drop_index(), ops.CreateIndexOp("ix", "lines", ["id"])]
    assert without_needless_drops(operations, POSTGRESQL) == operations
    assert isinstance(without_needless_drops(operations, MARIADB)[2], Steps)


# Order


def test_what_need_not_move_stays():
    operations = [ops.AddColumnOp(name, sa.Column(column, sa.Integer)) for name in ("b", "a") for column in ("z", "y")]
    assert in_order(operations, NOTHING_ELSE) == operations


def test_operations_on_one_table_stay_together():
    first = ops.AddColumnOp("a", sa.Column("x", sa.Integer))
    other = ops.AddColumnOp("b", sa.Column("x", sa.Integer))
    second = ops.AddColumnOp("a", sa.Column("y", sa.Integer))
    assert in_order([first, other, second], NOTHING_ELSE) == [first, second, other]


def test_a_table_is_dropped_after_those_that_refer_to_it():
    customers, orders = family()
    assert in_order([customers, orders], NOTHING_ELSE) == [orders, customers]


def test_a_table_is_made_before_those_that_refer_to_it():
    customers, orders = (drop.reverse() for drop in family())
    assert in_order([orders, customers], NOTHING_ELSE) == [customers, orders]


def test_a_foreign_key_is_dropped_before_the_table_it_refers_to():
    customers, _ = family()
    reverse = ops.CreateForeignKeyOp("fk", "orders", "customers", ["customer_id"], ["id"])
    key = ops.DropConstraintOp("fk", "orders", type_="foreignkey", _reverse=reverse)
    assert in_order([customers, key], NOTHING_ELSE) == [key, customers]


def test_a_foreign_key_is_made_after_the_unique_constraint_it_refers_to():
    key = ops.CreateForeignKeyOp("fk", "orders", "customers", ["customer"], ["name"])
    unique = ops.CreateUniqueConstraintOp("uq", "customers", ["name"])
    assert in_order([key, unique], NOTHING_ELSE) == [unique, key]


def test_a_foreign_key_is_dropped_before_the_index_that_serves_it():
    reverse = ops.CreateForeignKeyOp("fk", "orders", "customers", ["customer_id"], ["id"])
    key = ops.DropConstraintOp("fk", "orders", type_="foreignkey", _reverse=reverse)
    index = ops.DropIndexOp(
        "ix", table_name="orders", _reverse=ops.CreateIndexOp("ix", "orders", ["customer_id", "note"])
    )
    assert in_order([index, key], NOTHING_ELSE) == [key, index]


def test_rows_are_filled_while_no_foreign_key_confines_the_column():
    key = ops.CreateForeignKeyOp("fk", "orders", "customers", ["customer_id"], ["id"])
    dropped = ops.DropConstraintOp("fk", "orders", type_="foreignkey", _reverse=key)
    required = ops.AlterColumnOp("orders", "customer_id", existing_type=sa.Integer(), modify_nullable=False)
    assert in_order([required, dropped], NOTHING_ELSE) == [dropped, required]
    optional = ops.AlterColumnOp("orders", "customer_id", existing_type=sa.Integer(), modify_nullable=True)
    assert in_order([key, optional], NOTHING_ELSE) == [optional, key], "the way back is the mirror image"


def test_a_column_is_checked_while_no_foreign_key_changes_it():
    key = ops.CreateForeignKeyOp("fk", "orders", "customers", ["customer_id"], ["id"], ondelete="SET NULL")
    dropped = ops.DropConstraintOp("fk", "orders", type_="foreignkey", _reverse=key)
    check = ops.CreateCheckConstraintOp("ck", "orders", "customer_id > 0")
    unchecked = ops.DropConstraintOp("ck", "orders", type_="check", _reverse=check)
    assert in_order([check, dropped], NOTHING_ELSE) == [dropped, check]
    assert in_order([key, unchecked], NOTHING_ELSE) == [unchecked, key], "the way back is the mirror image"


def test_a_column_goes_after_what_uses_it():
    column = ops.DropColumnOp.from_column_and_tablename(None, "orders", sa.Column("note", sa.Text))
    reverse = ops.CreateCheckConstraintOp("ck", "orders", "length(note) > 1")
    check = ops.DropConstraintOp("ck", "orders", type_="check", _reverse=reverse)
    assert in_order([column, check], NOTHING_ELSE) == [check, column]


def test_a_type_changes_between_the_constraints_of_before_and_those_of_afterwards():
    alter = ops.AlterColumnOp("orders", "note", modify_type=sa.Integer(), existing_type=sa.Text())
    old = ops.CreateCheckConstraintOp("old", "orders", "length(note) > 1")
    new = ops.CreateCheckConstraintOp("new", "orders", "note > 1")
    drop = ops.DropConstraintOp("old", "orders", type_="check", _reverse=old)
    assert in_order([new, alter, drop], NOTHING_ELSE) == [drop, alter, new]


def test_a_name_is_free_before_it_is_used_again():
    create = ops.CreateIndexOp("ix", "orders", ["note"])
    drop = drop_index()
    assert in_order([create, drop], NOTHING_ELSE) == [drop, create]


def test_a_type_is_made_before_a_column_has_it():
    create = CreateEnum("status", ["open", "paid"])
    add = ops.AddColumnOp("orders", sa.Column("status", sa.Enum("open", "paid", name="status")))
    assert in_order([add, create], NOTHING_ELSE) == [create, add]


def test_a_type_is_dropped_after_the_last_column_that_has_it():
    drop_type = CreateEnum("status", ["open", "paid"]).reverse()
    column = sa.Column("status", sa.Enum("open", "paid", name="status"))
    drop = ops.DropColumnOp.from_column_and_tablename(None, "orders", column)
    assert in_order([drop_type, drop], NOTHING_ELSE) == [drop, drop_type]


def test_the_way_down_is_the_mirror_image():
    customers, orders = family()
    up = in_order([customers, orders], NOTHING_ELSE)
    down = [each.reverse() for each in reversed(up)]
    assert in_order(down, NOTHING_ELSE) == down


def test_a_circle_ends():
    one = Steps([ops.CreateIndexOp("a", "t", ["id"])], [])
    drop_a = ops.DropIndexOp("a", table_name="t", _reverse=ops.CreateIndexOp("a", "t", ["id"]))
    both = Steps([ops.CreateIndexOp("b", "t", ["id"]), drop_a], [])
    drop_b = ops.DropIndexOp("b", table_name="t", _reverse=ops.CreateIndexOp("b", "t", ["id"]))
    assert len(in_order([one, both, drop_b], NOTHING_ELSE)) == 3
