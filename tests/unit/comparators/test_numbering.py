"""Keys that the database numbers, found on the history state."""

from typing import Any

import pytest
from sqlalchemy import Column, Enum, ForeignKey, Integer, MetaData, String, Table
from support.comparison import lines_between

BOTH = pytest.mark.parametrize("database", ["postgresql", "mariadb"])


def key(*arguments: Any, type_: Any = Integer, **options: Any):
    return lambda metadata: Table("orders", metadata, Column("id", type_, *arguments, primary_key=True, **options))


def found(before, after, database: str) -> list[str]:
    return [line.strip() for line in lines_between(before, after, database)]


def test_a_serial_is_a_sequence_behind_the_numbers_that_are_there():
    lines = found(key(autoincrement=False), key(), "postgresql")
    assert lines[0] == "op.execute('CREATE SEQUENCE orders_id_seq OWNED BY orders.id')"
    assert "setval('orders_id_seq', COALESCE(max(id), 0) + 1, false)" in lines[2]


def test_the_key_of_mariadb_is_declared_anew():
    assert found(key(autoincrement=False), key(), "mariadb") == [
        "op.execute('ALTER TABLE orders MODIFY id INTEGER NOT NULL AUTO_INCREMENT')"
    ]


@BOTH
def test_it_is_switched_off(database):
    text = "\n".join(found(key(), key(autoincrement=False), database))
    assert (
        "DROP SEQUENCE IF EXISTS orders_id_seq" if database == "postgresql" else "MODIFY id INTEGER NOT NULL"
    ) in text


@BOTH
def test_other_changes_of_the_column_come_while_it_is_not_numbered(database):
    added = "".join(found(key(autoincrement=False), key(comment="a note"), database))
    assert added.startswith("op.alter_column(")
    assert "op.execute(" in added
    removed = "".join(found(key(), key(autoincrement=False, comment="a note"), database))
    assert removed.startswith("op.execute(")
    assert "op.alter_column(" in removed


def test_a_sequence_goes_with_its_column_and_comes_back_with_it():
    def other(metadata: MetaData) -> None:
        Table("orders", metadata, Column("code", String(20), primary_key=True))

    assert "op.execute('DROP SEQUENCE IF EXISTS orders_id_seq')" in found(key(), other, "postgresql")


def test_a_sequence_comes_back_also_where_an_enum_leaves_the_table_first():
    def before(metadata: MetaData) -> None:
        key(autoincrement="auto")(metadata)
        metadata.tables["orders"].append_column(Column("mood", Enum("new", "old", name="mood")))

    def after(metadata: MetaData) -> None:
        Table("orders", metadata, Column("code", String(20), primary_key=True))
        Table("guests", metadata, Column("mood", Enum("old", "gone", name="mood")))

    lines = found(before, after, "postgresql")
    assert [line for line in lines if "mood_old" in line]
    assert "op.execute('DROP SEQUENCE IF EXISTS orders_id_seq')" in lines


def test_a_key_that_is_no_number_any_more_gives_its_sequence_up():
    assert "DROP SEQUENCE" in "\n".join(found(key(), key(type_=String(20)), "postgresql"))


@BOTH
def test_a_key_that_became_a_foreign_key_says_nothing_about_numbers(database):
    """Alembic makes the key first, which numbers it, and its foreign key in a later revision."""

    def child(*arguments: Any):
        def model(metadata: MetaData) -> None:
            key()(metadata)
            Table("express", metadata, Column("id", Integer, *arguments, primary_key=True))

        return model

    assert not [line for line in found(child(), child(ForeignKey("orders.id")), database) if "execute" in line]


@BOTH
def test_a_default_of_the_application_says_nothing_about_numbers(database):
    lines = found(key(autoincrement=False), key(default=lambda: 7), database)
    assert not [line for line in lines if "execute" in line]


def test_sqlite_numbers_every_such_key():
    assert found(key(), key(autoincrement=False), "sqlite") == ["pass"]
