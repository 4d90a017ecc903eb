"""Triggers and views, read from text."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from alembic_manage.dialects import dialect_named
from alembic_manage.lint.stored_program import changed_by, in_the_way, programs_of_database

SQLITE = dialect_named("sqlite")


def made(*statements: str):
    return changed_by({}, statements, SQLITE)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER log AFTER INSERT ON orders BEGIN SELECT 1; END",
        'CREATE TEMP TRIGGER IF NOT EXISTS main."Log" BEFORE UPDATE OF a, b ON main.[Orders] BEGIN SELECT 1; END',
        "-- made by hand\ncreate trigger log delete on 'orders' when old.id > 1 begin select 1; end",
    ],
)
def test_a_trigger_has_a_name_and_a_table(statement: str):
    assert [(each.name, each.table) for each in made(statement).values()] == [("log", "orders")]


def test_what_is_dropped_is_gone_and_a_table_takes_its_triggers_along():
    trigger = "CREATE TRIGGER log AFTER INSERT ON orders BEGIN SELECT 1; END"
    view = "CREATE VIEW recent AS SELECT 1 FROM orders"
    assert list(made(trigger, view, "DROP TRIGGER IF EXISTS Log")) == ["recent"]
    assert list(made(trigger, view, "DROP VIEW recent")) == ["log"]
    assert list(made(trigger, view, "DROP TABLE orders")) == ["recent"]


@pytest.mark.parametrize(
    "query, is_in_the_way",
    [
        ("SELECT id FROM orders", True),
        ("SELECT id FROM main.orders o", True),
        ("SELECT a.id FROM customers AS a, orders b", True),
        ("SELECT a.id FROM customers a LEFT JOIN Orders b ON b.id = a.id", True),
        ("SELECT id FROM customers WHERE id IN (SELECT id FROM orders)", True),
        ("SELECT orders FROM customers", False),
        ("SELECT id, orders FROM customers WHERE note = 'from orders'", False),
    ],
)
def test_a_view_is_in_the_way_of_the_tables_that_it_reads(query: str, is_in_the_way: bool):
    assert bool(in_the_way(made(f"CREATE VIEW recent AS {query}"), "orders")) == is_in_the_way


def test_a_trigger_of_another_table_is_in_the_way_and_one_of_the_table_is_not():
    programs = made(
        "CREATE TRIGGER own AFTER INSERT ON orders BEGIN UPDATE orders SET a = 1; END",
        "CREATE TRIGGER other AFTER INSERT ON customers BEGIN INSERT INTO orders VALUES (1); END",
    )
    assert [each.name for each in in_the_way(programs, "orders")] == ["other"]


def test_a_database_tells_its_own():
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id integer)")
        connection.exec_driver_sql("CREATE VIEW recent AS SELECT id FROM orders")
        connection.exec_driver_sql("CREATE TRIGGER log AFTER INSERT ON orders BEGIN SELECT 1; END")
        found = programs_of_database(connection, SQLITE)
    assert [(each.kind, each.name) for each in (found or {}).values()] == [("VIEW", "recent"), ("TRIGGER", "log")]


def test_other_databases_need_not_be_asked():
    with create_engine("sqlite://").connect() as connection:
        assert programs_of_database(connection, dialect_named("postgresql")) is None
