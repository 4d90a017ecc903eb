"""Collations and character sets of columns, found on the history state."""

from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql
from support.comparison import lines_between


def orders(type_: Any, **options: Any):
    def model(metadata: MetaData) -> None:
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("note", type_), **options)

    return model


@pytest.mark.parametrize(("name", "collation"), [("postgresql", "C"), ("sqlite", "NOCASE"), ("mysql", "utf8mb4_bin")])
def test_a_collation_is_a_change_of_the_type(name: str, collation: str):
    plain, collated = orders(String(9)), orders(String(9, collation=collation))
    assert f"type_=sa.String(length=9, collation='{collation}')" in " ".join(lines_between(plain, collated, name))
    assert "type_=sa.String(length=9)" in " ".join(lines_between(collated, plain, name))
    assert lines_between(collated, collated, name) == ["pass"]


@pytest.mark.parametrize(("name", "collation"), [("postgresql", "default"), ("sqlite", "BINARY")])
def test_the_databases_own_choice_may_be_said(name: str, collation: str):
    assert lines_between(orders(String(9)), orders(String(9, collation=collation)), name) == ["pass"]


BINARY = {"mysql_collate": "utf8mb4_bin"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (orders(String(9), **BINARY), orders(String(9, collation="utf8mb4_bin"), **BINARY)),
        (orders(String(9, collation="utf8mb4_bin"), **BINARY), orders(String(9), **BINARY)),
        (orders(mysql.VARCHAR(9, charset="latin1")), orders(mysql.VARCHAR(9, collation="latin1_bin"))),
        (orders(JSON()), orders(JSON())),
    ],
)
def test_what_a_column_has_from_its_table_need_not_be_said(before, after):
    assert lines_between(before, after, "mysql") == ["pass"]


def test_a_column_with_a_character_set_of_its_own_keeps_it_when_the_tables_changes():
    own = mysql.VARCHAR(9, charset="latin1")
    lines = lines_between(orders(own), orders(own, mysql_charset="utf8mb4"), "mysql")
    assert "CONVERT TO CHARACTER SET utf8mb4" in lines[0]
    assert "type_=mysql.VARCHAR(charset='latin1', length=9)" in " ".join(lines)
    assert len(lines_between(orders(String(9)), orders(String(9), mysql_charset="utf8mb4"), "mysql")) == 1
