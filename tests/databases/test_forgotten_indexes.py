"""Indexes on expressions outlive a table that is made anew, though SQLAlchemy does not read them from SQLite."""

import pytest
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, String, Table, func
from support.databases import where

HAS_EXPRESSIONS = where(lambda dialect: "mysql" not in dialect.names)


def models(form: str, *extra: object) -> MetaData:
    metadata = MetaData()
    table = Table("items", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)), *extra)
    name = table.c.name
    Index("ix_items_name", {"expression": func.lower(name), "other": func.upper(name), "descending": name.desc()}[form])
    return metadata


def constraint() -> CheckConstraint:
    return CheckConstraint("name <> ''", name="ck_items_name")


def index_sql(evolution) -> str:
    if evolution.dialect_name == "sqlite":
        return evolution.rows("SELECT sql FROM sqlite_master WHERE name = 'ix_items_name'")[0][0]
    return evolution.rows("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_items_name'")[0][0]


@HAS_EXPRESSIONS
@pytest.mark.parametrize("form", ["expression", "descending"])
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_an_index_that_does_not_change_is_there_after_the_table_was_made_anew(evolution, form):
    evolution.become(models(form))
    before = index_sql(evolution)
    evolution.write(models(form, constraint()))
    evolution.assert_up_down_up(look=lambda _: assert_equal(index_sql(evolution), before))


def assert_equal(found: str, expected: str) -> None:
    assert found == expected


@HAS_EXPRESSIONS
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_an_index_that_changes_with_its_table_is_dropped_before_it_is_forgotten(evolution):
    evolution.become(models("expression"))
    evolution.write(models("other", constraint()))
    evolution.assert_up_down_up(
        look=lambda at: assert_equal("upper" in index_sql(evolution).lower(), at.startswith("up"))
    )


def test_an_index_on_plain_columns_is_left_alone(evolution):
    metadata = MetaData()
    Table("items", metadata, Column("id", Integer, primary_key=True), Column("name", String(20), index=True))
    evolution.become(metadata)
    changed = MetaData()
    table = Table("items", changed, Column("id", Integer, primary_key=True), Column("name", String(20), index=True))
    table.append_constraint(CheckConstraint("name <> ''", name="ck_items_name"))
    assert "drop_index" not in evolution.text(evolution.write(changed))
