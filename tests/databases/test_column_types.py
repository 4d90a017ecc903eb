"""What lint says of a change of type on PostgreSQL is what the server does: some of the 1,184 measured pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine

from alembic_manage.lint.postgresql.column_types import type_change

PAIRS = [
    ("VARCHAR(20)", "VARCHAR(40)"),
    ("VARCHAR(40)", "VARCHAR(20)"),
    ("VARCHAR(20)", "TEXT"),
    ("TEXT", "VARCHAR"),
    ("TEXT", "VARCHAR(20)"),
    ("CHAR(3)", "TEXT"),
    ("CHAR(3)", "CHAR(4)"),
    ('TEXT COLLATE "C"', 'TEXT COLLATE "POSIX"'),
    ("NUMERIC(10, 2)", "NUMERIC(12, 2)"),
    ("NUMERIC(10, 2)", "NUMERIC(12, 3)"),
    ("NUMERIC(10, 2)", "NUMERIC"),
    ("NUMERIC", "NUMERIC(12, 3)"),
    ("SMALLINT", "INTEGER"),
    ("INTEGER", "BIGINT"),
    ("INTEGER", "NUMERIC"),
    ("REAL", "DOUBLE PRECISION"),
    ("CIDR", "INET"),
    ("INET", "CIDR"),
    ("BIT(3)", "BIT VARYING(5)"),
    ("VARBIT(3)", "VARBIT(5)"),
    ("JSON", "JSONB"),
    ("DATE", "TIMESTAMP WITHOUT TIME ZONE"),
    ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
    ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP(3) WITHOUT TIME ZONE"),
    ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE"),
    ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
    ("INTERVAL", "INTERVAL(3)"),
    ("INTERVAL(3)", "INTERVAL"),
]
FILES = "SELECT pg_relation_filenode('t'), pg_relation_filenode('ix')"
NO_BTREE = ("JSON", "XML")


@pytest.fixture(scope="module")
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection to the server's own database: nothing is committed."""
    url: URL = request.getfixturevalue("postgresql_server")
    with create_engine(url.set(database="postgres"), poolclass=NullPool).connect() as opened:
        yield opened


@pytest.fixture
def changed(connection: Connection) -> Iterator[Callable[[str, str, str], tuple[bool, bool]]]:
    """Tells whether a change of type, in a time zone, gives the table and an index other files."""

    def change(old: str, new: str, zone: str) -> tuple[bool, bool]:
        indexed = "((c IS NULL))" if old in NO_BTREE else "(c)"
        connection.exec_driver_sql(f"SET LOCAL TimeZone = '{zone}'")
        connection.exec_driver_sql(f"CREATE TEMP TABLE t (c {old})")
        connection.exec_driver_sql(f"CREATE INDEX ix ON t {indexed}")
        before = connection.exec_driver_sql(FILES).one()
        connection.exec_driver_sql(f"ALTER TABLE t ALTER COLUMN c TYPE {new}")
        after = connection.exec_driver_sql(FILES).one()
        connection.rollback()
        return before[0] != after[0], before[1] != after[1]

    yield change
    connection.rollback()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda type_: type_)
def test_table_and_index_are_written_anew_as_lint_says(old: str, new: str, zone: str, connection, changed) -> None:
    said = type_change(old, new, connection.dialect.server_version_info)
    copies = said.copies and not (said.in_utc and zone == "UTC")
    table, index = changed(old, new, zone)
    assert table == copies
    if not copies:
        assert index == said.builds_indexes
