"""Changes in words: what the file says, with what it means for the schema."""

from __future__ import annotations

from dataclasses import replace

from support.reviews import make_card

from alembic_manage.branches.inventory import Item
from alembic_manage.outline.change import Change
from alembic_manage.review.effect import Detail, Effect
from alembic_manage.review.words import Line, lines_of

OLD, NEW = Item("column", "note", "orders"), Item("column", "remark", "orders")
RENAME = Change("~", "alter_column", "Rename column note on orders to remark", "orders", "note", new_name="remark")


def lines(changes: tuple[Change, ...], *details: Detail) -> list[Line]:
    return list(lines_of(replace(make_card(1), changes=changes, effect=Effect(details))))


def test_a_change_has_the_definitions_before_and_after():
    change = Change("~", "alter_column", "Alter column note on orders (type)", "orders", "note")
    detail = Detail(OLD, "VARCHAR(20) NULL", "TEXT NULL")
    assert lines((change,), detail) == [Line("~", change.text, "VARCHAR(20) NULL \u2192 TEXT NULL")]


def test_a_rename_tells_only_what_else_changes():
    same = (Detail(OLD, "TEXT NULL", None), Detail(NEW, None, "TEXT NULL"))
    other = (Detail(OLD, "TEXT NULL", None), Detail(NEW, None, "TEXT NOT NULL"))
    assert [line.detail for line in lines((RENAME,), *same)] == [""]
    assert [line.detail for line in lines((RENAME,), *other)] == ["TEXT NULL \u2192 TEXT NOT NULL"]


def test_a_column_that_takes_the_place_of_another_has_the_definitions_of_both():
    total, other = Item("column", "total", "orders"), Item("column", "total_new", "orders")
    changes = (
        Change("~", "alter_column", "Alter column total_new on orders (nullable)", "orders", "total_new"),
        Change("-", "drop_column", "Remove column total from orders", "orders", "total"),
        Change("~", "alter_column", "Rename column total_new on orders", "orders", "total_new", new_name="total"),
    )
    details = (Detail(total, "INTEGER NOT NULL", "BIGINT NOT NULL"), Detail(other, "BIGINT NULL", None))
    assert [line.detail for line in lines(changes, *details)] == [
        "BIGINT NULL \u2192 BIGINT NOT NULL",
        "INTEGER NOT NULL",
        "",
    ]


def test_what_the_file_does_not_say_is_told_too():
    python = Change("p", "python", "Python: helper()")
    assert lines((python,), Detail(NEW, None, "TEXT NULL")) == [
        Line("p", "Python: helper()"),
        Line("+", "Column orders.remark", "TEXT NULL"),
    ]


def test_what_belongs_to_a_new_table_is_not_told_twice():
    change = Change("+", "create_table", "Create table orders", "orders", "orders")
    assert len(lines((change,), Detail(Item("table", "orders", "orders"), None, ""))) == 1


def test_raw_sql_is_shown_as_it_is():
    change = Change("s", "execute", "Raw SQL: UPDATE orders ...", statement="UPDATE orders\n  SET note = 1")
    assert lines((change,)) == [Line("s", change.text, "UPDATE orders SET note = 1")]
