"""What a person types as a value becomes a literal or a known function, and nothing else."""

from __future__ import annotations

import sqlite3

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.questions.values import ValueProblem, parse_value, value_of

POSTGRESQL = dialect_named("postgresql")
MARIADB = dialect_named("mariadb")
SQLITE = dialect_named("sqlite")


@pytest.mark.parametrize(
    ("typed", "type_text", "sql"),
    [
        ("0", "INTEGER", "0"),
        (" -5 ", "INTEGER", "-5"),
        ("+5", "BIGINT", "5"),
        ("'5'", "INTEGER", "5"),
        ("1.50", "NUMERIC(10, 2)", "1.50"),
        ("1e3", "DOUBLE PRECISION", "1e3"),
        ("true", "BOOLEAN", "true"),
        ("FALSE", "BOOLEAN", "false"),
        ("1", "BOOLEAN", "true"),
        ("open", "VARCHAR(10)", "'open'"),
        ("'open'", "VARCHAR(10)", "'open'"),
        ('"open"', "VARCHAR(10)", "'open'"),
        ("it's", "TEXT", "'it''s'"),
        ("'it''s'", "TEXT", "'it''s'"),
        ("''", "TEXT", "''"),
        ("a \\ b", "TEXT", "'a \\ b'"),
        ("100", "TEXT", "'100'"),
        ("'null'", "TEXT", "'null'"),
        ("now", "TEXT", "'now'"),
        ("hello (world)", "TEXT", "'hello (world)'"),
        ("2026-01-31", "DATE", "'2026-01-31'"),
        ("'2026-01-31'", "DATE", "'2026-01-31'"),
        ("12:30", "TIME", "'12:30:00'"),
        ("2026-01-31T12:30", "TIMESTAMP WITHOUT TIME ZONE", "'2026-01-31 12:30:00'"),
        ("2026-01-31 12:30+02:00", "TIMESTAMP WITH TIME ZONE", "'2026-01-31 12:30:00+02:00'"),
        ('{"a":1}', "JSONB", "'{\"a\":1}'"),
        ('"a"', "JSON", "'\"a\"'"),
        ("'{}'", "JSON", "'{}'"),
        ("6F1C7A52-94a3-4c7e-8d1e-3f0a4d0f1c11", "UUID", "'6f1c7a52-94a3-4c7e-8d1e-3f0a4d0f1c11'"),
        ("X'00ff'", "BYTEA", "'\\x00ff'::bytea"),
        ("open", "mood", "'open'"),
        ("{1,2}", "INTEGER[]", "'{1,2}'"),
        ("null", "INTEGER", "NULL"),
        ("NULL", "TEXT", "NULL"),
    ],
)
def test_literal_becomes_sql(typed: str, type_text: str, sql: str) -> None:
    assert parse_value(typed, type_text, POSTGRESQL).sql == sql


@pytest.mark.parametrize(
    ("typed", "type_text", "sql"),
    [
        ("now()", "TIMESTAMP WITH TIME ZONE", "now()"),
        ("NOW()", "TIMESTAMP WITH TIME ZONE", "now()"),
        ("now()", "DATE", "now()"),
        ("current_timestamp", "TIMESTAMP", "current_timestamp"),
        ("current_date", "DATE", "current_date"),
        ("gen_random_uuid()", "UUID", "gen_random_uuid()"),
        ("gen_random_uuid()", "VARCHAR(36)", "gen_random_uuid()"),
        ("to_timestamp(-1)", "TIMESTAMP", "to_timestamp(-1)"),
        ("nextval('orders_id_seq')", "BIGINT", "nextval('orders_id_seq')"),
        ("concat('it''s', null, true)", "TEXT", "concat('it''s', NULL, true)"),
        ("now()", "mood", "now()"),
    ],
)
def test_known_function_becomes_a_call(typed: str, type_text: str, sql: str) -> None:
    assert parse_value(typed, type_text, POSTGRESQL).sql == sql


def test_quotes_make_a_text_of_what_looks_like_a_function() -> None:
    assert parse_value("'now()'", "TEXT", POSTGRESQL).sql == "'now()'"


@pytest.mark.parametrize(
    ("typed", "type_text", "reason"),
    [
        ("abc", "INTEGER", "abc is no INTEGER."),
        ("1.5", "INTEGER", "1.5 is no INTEGER."),
        ("", "INTEGER", "Nothing is no INTEGER."),
        ("1_000", "INTEGER", "1_000 is no INTEGER."),
        ("40000", "SMALLINT", "40000 is outside of -32768 to 32767."),
        ("nan", "NUMERIC(4, 2)", "nan is no NUMERIC(4, 2)."),
        ("100", "NUMERIC(4, 2)", "100 has more than 2 digits before the point."),
        ("maybe", "BOOLEAN", "maybe is neither true nor false."),
        ("abcd", "VARCHAR(3)", "The text has 4 characters, and the column takes 3."),
        ("'a'b'", "TEXT", "In 'a'b' a quote inside of the text must be doubled."),
        ("31.01.2026", "DATE", "31.01.2026 is no DATE."),
        ("2026-02-30", "TIMESTAMP", "2026-02-30 is no TIMESTAMP."),
        ("{a: 1}", "JSON", "{a: 1} is no JSON."),
        ("1234", "UUID", "1234 is no UUID."),
        ("abc", "BYTEA", "abc is no binary value: write X'00FF'."),
        ("now()", "INTEGER", "now() gives a timestamp, which is no INTEGER."),
        ("lower('A')", "INTEGER", "lower('A') gives a text, which is no INTEGER."),
        ("lower(name)", "TEXT", "In lower(name) an argument is no literal"),
        ("lower(lower('A'))", "TEXT", "In lower(lower('A')) an argument is no literal"),
        ("concat('a',)", "TEXT", "In concat('a',) an argument is no literal"),
        ("concat(,)", "TEXT", "In concat(,) an argument is no literal"),
        ("lower('a' || 'b')", "TEXT", "an argument is no literal"),
        ("lower('a'); DROP TABLE orders; --)", "TEXT", "an argument is no literal"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(typed: str, type_text: str, reason: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_value(typed, type_text, POSTGRESQL)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("type_text", "use"),
    [
        ("TEXT", r".*gen_random_uuid\(\).* now\(\).* To mean the text, put it in quotes\."),
        ("mood", r".*gen_random_uuid\(\).* now\(\).*"),
        ("UUID", r"gen_random_uuid\(\), uuid_generate_v4\(\), uuidv4\(\), uuidv7\(\)\."),
        ("BOOLEAN", r"a literal\."),
    ],
)
def test_function_that_is_not_known_is_refused_with_those_that_fit(type_text: str, use: str) -> None:
    with pytest.raises(ValueProblem, match=rf"gen_rand\(\) is not known as a function of PostgreSQL: use {use}$"):
        parse_value("gen_rand()", type_text, POSTGRESQL)


def test_functions_are_those_of_the_database() -> None:
    assert parse_value("uuid()", "UUID", MARIADB).sql == "uuid()"
    assert parse_value("strftime('%Y')", "INTEGER", SQLITE).sql == "strftime('%Y')"
    with pytest.raises(ValueProblem, match=r"now\(\) is not known as a function of SQLite"):
        parse_value("now()", "DATETIME", SQLITE)


def test_backslash_is_doubled_where_it_escapes() -> None:
    assert parse_value("a\\", "TEXT", MARIADB).sql == "'a\\\\'"
    assert parse_value("a\\", "TEXT", SQLITE).sql == "'a\\'"


def test_boolean_is_a_word_that_every_database_knows() -> None:
    assert parse_value("1", "BOOLEAN", SQLITE).sql == "true"
    assert parse_value("false", "TINYINT(1)", MARIADB).sql == "false"


def test_time_zone_is_refused_where_none_is_kept() -> None:
    with pytest.raises(ValueProblem, match="has a time zone, and MariaDB keeps none"):
        parse_value("2026-01-31 12:30+02:00", "DATETIME", MARIADB)


def test_enum_takes_its_values_only() -> None:
    assert parse_value("open", "ENUM('open','closed')", MARIADB).sql == "'open'"
    with pytest.raises(ValueProblem, match="gone is none of open, closed"):
        parse_value("gone", "ENUM('open','closed')", MARIADB)


def test_size_of_integers_is_not_checked_where_they_have_none() -> None:
    assert parse_value("40000", "SMALLINT", SQLITE).sql == "40000"


def test_unsigned_integer_takes_no_negative_number() -> None:
    assert parse_value("255", "TINYINT UNSIGNED", MARIADB).sql == "255"
    with pytest.raises(ValueProblem, match="-1 is outside of 0 to 255"):
        parse_value("-1", "TINYINT UNSIGNED", MARIADB)


@pytest.mark.parametrize(
    "text", ["it's", "' OR 1=1 --", "'; DROP TABLE orders; --", 'a "quoted" word', "ä\n\tö", "%s %(a)s"]
)
def test_whatever_is_typed_as_text_comes_back_as_that_text(text: str) -> None:
    sql = parse_value(text, "TEXT", SQLITE).sql
    assert sqlite3.connect(":memory:").execute(f"SELECT {sql}").fetchone() == (text.strip(),)


def test_example_of_an_empty_text_is_shown_in_quotes() -> None:
    assert value_of("TEXT", "") == "a value of TEXT, such as ''"
    assert value_of("INTEGER", "0") == "a value of INTEGER, such as 0"
