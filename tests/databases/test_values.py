"""Values that a person types, as the three databases read them."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.questions.values import parse_value

# A call of each function that takes arguments; the others are called without any.
CALLS = {
    "sqlite": {
        "strftime": "'%Y', 'now'",
        "abs": "-1",
        "round": "1.5",
        "length": "'a'",
        "lower": "'A'",
        "upper": "'a'",
        "hex": "'a'",
        "char": "65",
        "json": "'{}'",
        "json_array": "1, 'a'",
        "json_object": "'a', 1",
        "randomblob": "4",
        "zeroblob": "4",
    },
    "postgresql": {
        "to_timestamp": "0",
        "make_timestamp": "2026, 1, 31, 12, 30, 0",
        "make_date": "2026, 1, 31",
        "to_date": "'2026-01-31', 'YYYY-MM-DD'",
        "make_time": "12, 30, 0",
        "nextval": "'numbers'",
        "abs": "-1",
        "round": "1.5",
        "length": "'a'",
        "lower": "'A'",
        "upper": "'a'",
        "md5": "'a'",
        "concat": "'a', 'b'",
        "json_build_object": "'a', 1",
        "json_build_array": "1, 'a'",
        "jsonb_build_object": "'a', 1",
        "jsonb_build_array": "1, 'a'",
        "decode": "'AA==', 'base64'",
        "gen_random_bytes": "4",
    },
    "mariadb": {
        "from_unixtime": "0",
        "date": "'2026-01-31'",
        "makedate": "2026, 31",
        "str_to_date": "'2026-01-31', '%Y-%m-%d'",
        "maketime": "12, 30, 0",
        "abs": "-1",
        "round": "1.5",
        "length": "'a'",
        "lower": "'A'",
        "upper": "'a'",
        "md5": "'a'",
        "concat": "'a', 'b'",
        "json_object": "'a', 1",
        "json_array": "1, 'a'",
        "unhex": "'00FF'",
        "random_bytes": "4",
    },
}
# What only newer servers or extensions have.
# Source: PostgreSQL 18 manual, "UUID Functions"; the extensions uuid-ossp and pgcrypto.
NOT_EVERYWHERE = {"uuidv4", "uuidv7", "uuid_generate_v4", "gen_random_bytes"}
TEXTS = [
    "it's",
    "a \\ b",
    "\\",
    "100 %",
    "%s %(a)s",
    "12:30 :name",
    "",
    "'",
    "''",
    'a "word"',
    "ä€😀",
    "two\nlines\ttab",
]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """To an empty database."""
    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        yield connection


def rules_of(connection: Connection) -> Dialect:
    return dialect_named(connection.dialect.name)


def read(connection: Connection, typed: str, type_text: str) -> Any:
    """What the database makes of a typed value."""
    rules = rules_of(connection)
    sql = parse_value(typed, type_text, rules).sql
    return connection.exec_driver_sql(f"SELECT {sql.replace('%', '%%') if rules.doubles_percent else sql}").scalar()


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_the_text_that_was_typed(connection: Connection, text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    assert read(connection, quoted, "TEXT") == text


def test_every_function_that_is_offered_is_one_of_the_database(connection: Connection) -> None:
    rules = rules_of(connection)
    calls = CALLS["mariadb" if connection.dialect.name == "mysql" else connection.dialect.name]
    assert set(calls) <= set(rules.value_functions)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("CREATE SEQUENCE numbers")
    connection.commit()
    missing = set()
    for typed in [*rules.value_words, *(f"{name}({calls.get(name, '')})" for name in rules.value_functions)]:
        try:
            assert read(connection, typed, "anything") is not None
        except DBAPIError:
            connection.rollback()
            missing.add(typed.partition("(")[0])
    assert missing <= NOT_EVERYWHERE


def test_literals_are_what_was_typed(connection: Connection) -> None:
    assert read(connection, "-7", "INTEGER") == -7
    assert float(read(connection, "1.50", "NUMERIC(5, 2)")) == 1.5
    assert read(connection, "true", "BOOLEAN") in (True, 1)
    assert read(connection, "null", "INTEGER") is None
    assert bytes(read(connection, "X'00FF'", "BLOB")) == b"\x00\xff"
    assert json.loads(read(connection, '{"a":":b"}', "JSON")) == {"a": ":b"}


def test_row_gets_what_was_typed(connection: Connection) -> None:
    types = {"day": "DATE", "moment": "TIMESTAMP", "code": "CHAR(36)"}
    typed = {"day": "2026-01-31", "moment": "2026-01-31T12:30", "code": "6F1C7A52-94A3-4C7E-8D1E-3F0A4D0F1C11"}
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    connection.exec_driver_sql(f"CREATE TABLE t ({columns})")
    values = [
        parse_value(typed[name], "UUID" if name == "code" else types[name], rules_of(connection)).sql for name in types
    ]
    connection.exec_driver_sql(f"INSERT INTO t ({', '.join(types)}) VALUES ({', '.join(values)})")
    day, moment, code = connection.exec_driver_sql("SELECT day, moment, code FROM t").one()
    assert str(day) == "2026-01-31"
    assert datetime.datetime.fromisoformat(str(moment)) == datetime.datetime(2026, 1, 31, 12, 30)
    assert uuid.UUID(code) == uuid.UUID(typed["code"])
