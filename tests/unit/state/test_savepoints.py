"""What is rolled back is not in the state."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.statements import NeedsDatabaseError


def names(schema: Schema) -> list[str]:
    return [key.name for key in schema.tables]


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_a_savepoint_takes_back_what_followed_it(kind):
    schema = Schema(dialect_named(kind))
    with state_engine(schema, kind).connect() as connection:
        connection.execute(sa.text("CREATE TABLE a (id integer)"))
        savepoint = connection.begin_nested()
        connection.execute(sa.text("CREATE TABLE b (id integer)"))
        savepoint.rollback()
        assert names(schema) == ["a"]


def test_a_released_savepoint_keeps_what_followed_it():
    schema = Schema(dialect_named("postgresql"))
    with state_engine(schema, "postgresql").connect() as connection:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE TABLE b (id integer)"))
        assert names(schema) == ["b"]


def test_ddl_stays_where_it_cannot_be_rolled_back():
    schema = Schema(dialect_named("mysql"))
    with state_engine(schema, "mysql").connect() as connection:
        savepoint = connection.begin_nested()
        connection.execute(sa.text("CREATE TABLE b (id integer)"))
        savepoint.rollback()
        assert names(schema) == ["b"]


def test_a_rollback_of_everything_needs_a_database():
    with (
        state_engine(Schema(dialect_named("postgresql")), "postgresql").connect() as connection,
        pytest.raises(NeedsDatabaseError),
    ):
        connection.exec_driver_sql("ROLLBACK")
