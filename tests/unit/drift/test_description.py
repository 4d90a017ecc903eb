"""What a database holds, as the server tells it."""

import pytest
import sqlalchemy as sa

from alembic_manage.drift.description import describe


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def described(connection, *statements: str) -> dict[str, str]:
    for statement in statements:
        connection.exec_driver_sql(statement)
    return dict(describe(connection, ["alembic_version"]))


def test_one_line_an_object(connection):
    found = described(
        connection,
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(5) NOT NULL DEFAULT 'x', p INTEGER, UNIQUE (name), "
        "\nCONSTRAINT ck CHECK (p > 0),\nCONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)",
        "CREATE UNIQUE INDEX ix ON t (p) WHERE p > 5",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
    )
    assert found["column t.name"] == "VARCHAR(5) NOT NULL DEFAULT 'x'"
    assert found["order of the columns of t"] == "id, name, p"
    assert found["foreign key fk of t"] == "(p) -> parent (id) ondelete=CASCADE"
    assert found["check ck of t"] == "p > 0"
    assert found["index ix of t"].startswith("UNIQUE (p)")
    assert "p > 5" in found["index ix of t"]
    assert "unique constraint ((name)) of t" in found
    assert not [name for name in found if "alembic_version" in name]


def test_the_order_of_definition_does_not_count(connection):
    one = described(connection, "CREATE TABLE t (a INTEGER)", "CREATE INDEX x ON t (a)", "CREATE INDEX y ON t (a)")
    connection.exec_driver_sql("DROP TABLE t")
    other = described(connection, "CREATE TABLE t (a INTEGER)", "CREATE INDEX y ON t (a)", "CREATE INDEX x ON t (a)")
    assert one == other


def test_the_collations_of_sqlite_are_told(connection):
    found = described(connection, "CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT)")
    assert found["collation of t.a"] == "NOCASE"
    assert "collation of t.b" not in found


def test_indexes_of_expressions_are_told_apart(connection):
    one = described(connection, "CREATE TABLE t (a TEXT)", "CREATE INDEX ix ON t (lower(a))")
    connection.exec_driver_sql("DROP INDEX ix")
    assert described(connection, "CREATE INDEX ix ON t (upper(a))") != one
