"""The schema that a connection shows, as a state."""

import sqlalchemy as sa
from support.states import State

from alembic_manage.state.reflected import schema_shown


def test_a_connection_on_a_state_shows_that_state():
    state = State("postgresql")
    with state.engine.connect() as connection:
        assert schema_shown(connection) is state.schema


def test_a_real_database_is_reflected_without_what_does_not_count():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        for statement in (
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id))",
            "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id), name VARCHAR(5) DEFAULT 'x')",
            "CREATE INDEX ix ON b (name)",
            "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        ):
            connection.exec_driver_sql(statement)
        shown = schema_shown(connection, ["alembic_version"])
    tables = {str(key): table for key, table in shown.tables.items()}
    assert set(tables) == {"a", "b"}
    assert [str(each.referred) for each in (*tables["a"].foreign_keys, *tables["b"].foreign_keys)] == ["b", "a"]
    assert [index.name for index in tables["b"].indexes] == ["ix"]
    assert tables["b"].columns["name"].default == "'x'"
