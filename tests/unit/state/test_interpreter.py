"""Statements that do more than they seem to are obstacles, not answers."""

from __future__ import annotations

import contextlib

import pytest
import sqlalchemy as sa

from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.statements import NeedsDatabaseError


def obstacles(statement: str) -> list[str]:
    engine = state_engine(Schema(dialect_named("postgresql")), "postgresql")
    with engine.connect() as connection:
        with contextlib.suppress(NeedsDatabaseError):
            connection.execute(sa.text(statement))
        return [each.reason for each in engine.interpreter.obstacles]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT create_hypertable('t', 'at')",
        "SELECT public.upgrade_everything()",
        "SELECT id, name INTO old_users FROM users",
        "DELETE FROM pg_enum WHERE enumlabel = 'x'",
        "SET search_path TO other, public",
        "DO $$ BEGIN PERFORM upgrade_everything(); END $$",
    ],
)
def test_what_may_change_tables_is_an_obstacle(statement):
    assert obstacles(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT setval('t_id_seq', 1)",
        "SELECT pg_catalog.set_config('search_path', '', false)",
        "SELECT now()",
        "SELECT my_function(id) FROM t",
        "SET search_path TO public",
        "SET lock_timeout = '1s'",
        "SELECT 'INTO x FROM y'",
    ],
)
def test_what_changes_no_table_is_none(statement):
    assert not obstacles(statement)
