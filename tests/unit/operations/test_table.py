"""Operations on tables and the places of columns: their SQL, and the way back."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql, postgresql

from alembic_manage.operations import ChangeTableOptions, FillOnce, MoveColumn, MoveTable

POSTGRESQL, MARIADB = postgresql.dialect(), mysql.dialect()


def test_a_table_is_moved_and_renamed():
    move = MoveTable("orders", None, "archive", "bills")
    assert list(move.statements(POSTGRESQL)) == [
        "ALTER TABLE orders SET SCHEMA archive",
        "ALTER TABLE archive.orders RENAME TO bills",
    ]
    assert list(move.reverse().statements(POSTGRESQL)) == [
        "ALTER TABLE archive.bills SET SCHEMA public",
        "ALTER TABLE bills RENAME TO orders",
    ]


def test_mariadb_moves_a_table_in_one_statement():
    move = MoveTable("orders", None, "archive")
    assert list(move.statements(MARIADB)) == ["RENAME TABLE orders TO archive.orders"]
    assert list(move.reverse().statements(MARIADB)) == ["RENAME TABLE archive.orders TO orders"]


@pytest.mark.parametrize(
    ("before", "after", "up", "down"),
    [
        ({"engine": "InnoDB"}, {"engine": "MyISAM"}, "ENGINE=MyISAM", "ENGINE=InnoDB"),
        ({"row_format": None}, {"row_format": "DYNAMIC"}, "ROW_FORMAT=DYNAMIC", "ROW_FORMAT=DEFAULT"),
        (
            {"default_charset": None, "collate": None},
            {"default_charset": "latin1", "collate": None},
            "CONVERT TO CHARACTER SET latin1",
            "CONVERT TO CHARACTER SET DEFAULT",
        ),
        (
            {"default_charset": "latin1", "collate": None},
            {"default_charset": None, "collate": "utf8mb4_bin"},
            "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "CONVERT TO CHARACTER SET latin1",
        ),
    ],
)
def test_options_go_there_and_back(before, after, up, down):
    change = ChangeTableOptions("orders", before, after)
    assert list(change.statements(MARIADB)) == [f"ALTER TABLE orders {up}"]
    assert list(change.reverse().statements(MARIADB)) == [f"ALTER TABLE orders {down}"]


def test_a_moved_column_is_said_again_as_a_whole():
    column = Column("note", String(9), nullable=False, server_default="10%", comment="it's")
    Table("orders", MetaData(), Column("id", Integer, primary_key=True), column)
    move = MoveColumn("orders", column, "id", "total")
    definition = "note VARCHAR(9) NOT NULL COMMENT 'it''s' DEFAULT '10%'"
    assert list(move.statements(MARIADB)) == [f"ALTER TABLE orders MODIFY {definition} AFTER id"]
    assert list(move.reverse().statements(MARIADB)) == [f"ALTER TABLE orders MODIFY {definition} AFTER total"]


def test_a_column_goes_to_the_front_and_a_new_one_need_not_go_back():
    column = Column("note", Integer)
    Table("orders", MetaData(), column)
    move = MoveColumn("orders", column, "", None)
    assert list(move.statements(MARIADB)) == ["ALTER TABLE orders MODIFY note INTEGER FIRST"]
    assert list(move.reverse().statements(MARIADB)) == []


def test_what_is_filled_once_is_not_filled_on_the_way_back():
    fill = FillOnce("orders", "total", "0")
    assert list(fill.statements(POSTGRESQL)) == ["UPDATE orders SET total = 0 WHERE total IS NULL"]
    assert fill.reverse().is_empty()
