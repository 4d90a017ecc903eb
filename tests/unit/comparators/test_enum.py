"""Enum types whose values change, found on the history state."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy import Column, Enum, Integer, MetaData, Table
from sqlalchemy.dialects import postgresql
from support.comparison import lines_between, metadata_of, operations_between, state_connection

from alembic_manage.operations import ChangeEnum


def orders(*labels: str, wrap: Any = lambda enum: enum, **options: Any):
    def model(metadata: MetaData) -> None:
        enum = wrap(Enum(*labels, name="status"))
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("status", enum, **options))

    return model


def changes(before, after) -> list[ops.MigrateOperation]:
    with state_connection(metadata_of(before), "postgresql") as connection:
        return operations_between(connection, metadata_of(after))


def the_change(before, after) -> ChangeEnum:
    (change,) = changes(before, after)
    assert isinstance(change, ChangeEnum)
    return change


def test_an_added_value_is_found():
    change = the_change(orders("a"), orders("a", "b"))
    assert (change.name, change.before, change.after) == ("status", ("a",), ("a", "b"))
    assert [(each.table, each.column) for each in change.columns] == [("orders", "status")]


def test_equal_values_are_no_change():
    assert changes(orders("a", "b"), orders("a", "b")) == []


def test_the_values_of_an_array_count():
    change = the_change(orders("a", wrap=postgresql.ARRAY), orders("a", "b", wrap=postgresql.ARRAY))
    assert [each.is_array for each in change.columns] == [True]


def test_a_variant_and_a_type_of_the_projects_own_count():
    class Own(sa.TypeDecorator[str]):
        impl = Enum("a", "b", name="status")
        cache_ok = True

    variant = orders("a", wrap=lambda enum: sa.String(9).with_variant(Enum("a", "b", name="status"), "postgresql"))
    assert the_change(orders("a"), variant).after == ("a", "b")
    assert the_change(orders("a"), orders("a", wrap=lambda enum: Own())).after == ("a", "b")


def test_a_new_default_belongs_to_the_change_of_the_type():
    change = the_change(orders("a", "b", server_default="b"), orders("a", server_default="a"))
    assert [(each.default, each.new_default) for each in change.columns] == [("'b'", "'a'")]


def test_a_default_is_found_under_the_schemas_own_name_and_another_key():
    def placed(*labels: str, default: str):
        def model(metadata: MetaData) -> None:
            column = Column("status", Enum(*labels, name="status"), key="state", server_default=default)
            Table("orders", metadata, Column("id", Integer, primary_key=True), column, schema="public")

        return model

    change = the_change(placed("a", "b", default="b"), placed("a", default="a"))
    assert [(each.default, each.new_default) for each in change.columns] == [("'b'", "'a'")]


def test_what_else_changes_about_the_column_stays():
    found = changes(orders("a", server_default="a"), orders("a", "b", server_default="b", nullable=False))
    assert [type(each) for each in found] == [ChangeEnum, ops.AlterColumnOp]
    assert found[1].modify_server_default is False  # type: ignore[attr-defined]
    assert found[1].modify_nullable is False  # type: ignore[attr-defined]


def test_a_value_that_a_new_column_needs_is_added_in_a_transaction_of_its_own():
    def after(metadata: MetaData) -> None:
        orders("a", "b")(metadata)
        metadata.tables["orders"].append_column(Column("then", Enum("a", "b", name="status"), server_default="b"))

    lines = lines_between(orders("a"), after, "postgresql")
    assert [line.strip() for line in lines[:3]] == [
        "with op.get_context().autocommit_block():",
        "op.execute(\"ALTER TYPE status ADD VALUE 'b'\")",
        "",
    ]


def test_a_check_and_an_index_on_the_values_are_made_anew_around_a_swap():
    def guarded(*labels: str):
        def model(metadata: MetaData) -> None:
            orders(*labels)(metadata)
            table = metadata.tables["orders"]
            table.append_constraint(sa.CheckConstraint("status <> 'a'", name="ck"))
            sa.Index("ix", table.c.id, postgresql_where=sa.text("status = 'a'"))
            sa.Index("ix_plain", table.c.status)

        return model

    change = the_change(guarded("a", "b"), guarded("b", "a"))
    assert [(each.drop, each.create) for each in change.rebuilt] == [
        ("ALTER TABLE orders DROP CONSTRAINT ck", "ALTER TABLE orders ADD CONSTRAINT ck CHECK (status <> 'a')"),
        ("DROP INDEX ix", "CREATE INDEX ix ON orders (id) WHERE status = 'a'"),
    ]


def test_inline_enums_are_types_of_columns():
    lines = lines_between(orders("a", "b"), orders("b", "a"), "mysql")
    assert "type_=sa.Enum('b', 'a', name='status')" in "\n".join(lines)
    assert lines_between(orders("a"), orders("a", "b"), "sqlite") == ["pass"]
