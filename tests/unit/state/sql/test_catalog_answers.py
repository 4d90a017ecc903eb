"""Queries of the catalog in SQL, answered from the state."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.statements import NeedsDatabaseError


def answer(kind: str, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    schema = Schema(dialect_named(kind), None if kind == "postgresql" else "shop")
    engine = state_engine(schema, kind)
    with engine.connect() as connection:
        table = sa.Table(
            "orders",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("note", sa.String(20), index=True, unique=True),
        )
        table.create(connection)
        return [tuple(row) for row in connection.execute(sa.text(query), parameters)]


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_column_is_looked_up_with_a_parameter(kind):
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = :t AND column_name = :c"
    assert answer(kind, query, t="orders", c="note") == [("note",)]
    assert answer(kind, query, t="orders", c="gone") == []


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_rows_of_the_catalog_are_counted(kind):
    assert answer(kind, "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'orders'") == [(1,)]


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_exists_over_the_catalog_is_true_or_false(kind):
    query = "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = '{}')"
    assert answer(kind, query.format("orders")) == [(True,)]
    assert answer(kind, query.format("gone")) == [(False,)]


def test_a_postgresql_index_is_found_by_its_name():
    assert answer("postgresql", "SELECT 1 FROM pg_indexes WHERE indexname = 'ix_orders_note'") == [(1,)]


def test_the_current_database_is_the_default_schema_on_mariadb():
    query = "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
    assert ("ix_orders_note",) in answer("mysql", query)


def test_sqlite_answers_for_itself():
    assert [row[1] for row in answer("sqlite", "PRAGMA table_info(orders)")] == ["id", "note"]
    assert answer("sqlite", "SELECT name FROM sqlite_master WHERE type = :t", t="index") == [("ix_orders_note",)]


def test_what_the_state_does_not_know_needs_a_database():
    with pytest.raises(NeedsDatabaseError):
        answer("postgresql", "SELECT reltuples FROM pg_class WHERE relname = 'orders'")
