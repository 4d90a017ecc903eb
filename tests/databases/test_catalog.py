"""What the catalog of a real database tells beyond SQLAlchemy's inspector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from alembic_manage.dialects import EnumUse, dialect_named

SQLITE, POSTGRESQL = map(dialect_named, ("sqlite", "postgresql"))
ODD_TABLE = '''
CREATE TABLE "odd ""table""" ( -- a comment, with (parentheses
    id INTEGER PRIMARY KEY, /* and 'another', one */
    [a b] VARCHAR(9) DEFAULT 'COLLATE x, (' COLLATE NOCASE NOT NULL,
    `c` text collate "RTRIM",
    plain NUMERIC(10, 2) CHECK (plain > 0),
    d text GENERATED ALWAYS AS (lower(c) || ', ' || "a b") STORED,
    e integer AS (length(')')),
    "PRIMARY" text,
    CONSTRAINT ck CHECK ("a b" <> 'AS (1)'), UNIQUE (c COLLATE NOCASE)
)'''


def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[sa.Connection]:
    yield from connected(sqlite_url)


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[sa.Connection]:
    yield from connected(postgresql_url)


def test_sqlite_is_read_as_its_create_table_says(sqlite: sa.Connection):
    sqlite.exec_driver_sql(ODD_TABLE)
    table = 'odd "table"'
    assert SQLITE.collations(sqlite, None) == {(table, "a b"): "NOCASE", (table, "c"): "RTRIM"}
    assert SQLITE.computed(sqlite, None) == {
        (table, "d"): "lower(c) || ', ' || \"a b\"",
        (table, "e"): "length(')')",
    }


def test_sqlite_tells_an_index_of_an_expression_without_its_name(sqlite: sa.Connection):
    sqlite.exec_driver_sql("CREATE TABLE t (a INTEGER)")
    sqlite.exec_driver_sql('CREATE INDEX "ix(a + 1)" ON t (a + 1)')
    told = [("index ix(a + 1) of t, as SQLite keeps it", "(a+1)")]
    assert list(SQLITE.described_objects(sqlite, ())) == told
    sqlite.exec_driver_sql("ALTER TABLE t RENAME TO u")
    sqlite.exec_driver_sql("ALTER TABLE u RENAME TO t")  # SQLite writes the name in quotes now
    assert list(SQLITE.described_objects(sqlite, ())) == told


def test_sqlite_tells_types_as_they_were_declared(sqlite: sa.Connection):
    sqlite.exec_driver_sql("CREATE TABLE t (a vector(3), b, c INTEGER GENERATED ALWAYS AS (1) STORED)")
    assert SQLITE.types(sqlite, None) == {("t", "a"): "vector(3)", ("t", "b"): "", ("t", "c"): "INTEGER"}


def test_postgresql_tells_the_columns_of_an_enum(postgresql: sa.Connection):
    for statement in (
        "CREATE SCHEMA shop",
        "CREATE TYPE \"Mood\" AS ENUM ('ok')",
        'CREATE TABLE t (id int, m "Mood" DEFAULT \'ok\', ms "Mood"[], other text)',
        'CREATE TABLE shop.t (m "Mood")',
        'CREATE TABLE parted (m "Mood") PARTITION BY LIST (m)',
        "CREATE TABLE part PARTITION OF parted DEFAULT",
    ):
        postgresql.exec_driver_sql(statement)
    assert POSTGRESQL.enum_uses(postgresql, None, "Mood") == [
        EnumUse(None, "parted", "m", False, None),
        EnumUse(None, "t", "m", False, "'ok'::\"Mood\""),
        EnumUse(None, "t", "ms", True, None),
        EnumUse("shop", "t", "m", False, None),
    ]
    assert POSTGRESQL.enum_uses(postgresql, "shop", "Mood") == []


def test_postgresql_tells_sequences_that_no_column_owns(postgresql: sa.Connection):
    for statement in (
        "CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c int)",
        "CREATE SEQUENCE own AS smallint START 5 CYCLE",
        "CREATE SEQUENCE owned OWNED BY t.c",
    ):
        postgresql.exec_driver_sql(statement)
    options = {"start": 5, "increment": 1, "minvalue": 1, "maxvalue": 32767, "cache": 1, "cycle": True}
    assert POSTGRESQL.sequences(postgresql, None) == {"own": {**options, "data_type": "smallint"}}
    assert POSTGRESQL.sequences(postgresql, "nowhere") == {}


def test_postgresql_tells_collations_that_were_said(postgresql: sa.Connection):
    postgresql.exec_driver_sql('CREATE TABLE t (a text, b text COLLATE "C", c varchar(9)[] COLLATE "POSIX")')
    assert POSTGRESQL.collations(postgresql, None) == {("t", "b"): "C", ("t", "c"): "POSIX"}


def test_two_literals_may_be_one_value(postgresql: sa.Connection):
    assert POSTGRESQL.is_same_value(postgresql, "interval", "'1 days'", "'24 hours'::interval") is False
    assert POSTGRESQL.is_same_value(postgresql, "interval", "'1 days'", "'1 day'::interval")
    assert POSTGRESQL.is_same_value(postgresql, "jsonb", '\'{"a": "5%"}\'', '\'{"a":"5%"}\'')
    with pytest.raises(sa.exc.DataError):
        POSTGRESQL.is_same_value(postgresql, "integer", "'x'", "'y'")
    assert postgresql.scalar(sa.text("SELECT 1")) == 1, "the transaction goes on"
