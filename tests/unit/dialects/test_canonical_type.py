"""Types in one spelling for all that mean the same."""

import pytest

from alembic_manage.dialects import dialect_named

SAME = {
    "postgresql": [
        ("VARCHAR(9)", "character varying(9)"),
        ("varchar", "CHARACTER VARYING"),
        ("VARCHAR(9)[]", "character varying ( 9 )[][]"),
        ("NUMERIC(10)", "decimal(10, 0)"),
        ("FLOAT", "FLOAT(53)"),
        ("FLOAT(24)", "REAL"),
        ("CHAR", "character(1)"),
        ("BIT", "BIT(1)"),
        ("TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE"),
        ("TIMESTAMP(3) WITH TIME ZONE", "timestamp with time zone (3)"),
        ("timestamptz", "TIMESTAMP WITH TIME ZONE"),
        ('VARCHAR(9) COLLATE "pg_catalog"."C"', "VARCHAR(9)"),
        ("public.mood", "mood"),
        ("bool", "BOOLEAN"),
    ],
    "mysql": [
        ("INTEGER(11)", "int"),
        ("BOOL", "TINYINT(1)"),
        ("DECIMAL", "NUMERIC(10, 0)"),
        ("INTEGER ZEROFILL", "INT(10) UNSIGNED ZEROFILL"),
        ("VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin", "NATIONAL VARCHAR(9)"),
        ("JSON", "LONGTEXT COLLATE utf8mb4_bin"),
        ("DATETIME(0)", "DATETIME"),
        ("TEXT(300)", "TEXT"),
        ("TEXT(20)", "TINYTEXT"),
        ("TEXT(20000)", "MEDIUMTEXT"),
        ("BLOB(300)", "BLOB"),
        ("BLOB(20)", "TINYBLOB"),
        ("FLOAT(53)", "DOUBLE PRECISION"),
        ("YEAR(4)", "YEAR"),
        ("CHAR", "CHAR(1)"),
    ],
    "sqlite": [("numeric( 10,2 )", "NUMERIC(10, 2)"), ("VARCHAR(9) COLLATE NOCASE", "VARCHAR(9)")],
}
OTHER = {
    "postgresql": [
        ("VARCHAR", "VARCHAR(9)"),
        ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
        ("INTEGER", "INTEGER[]"),
        ("INTERVAL", "INTERVAL DAY"),
        ('"Mood"', "mood"),
        ("shop.mood", "mood"),
    ],
    "mysql": [
        ("INTEGER", "INTEGER UNSIGNED"),
        ("ENUM('a,b')", "ENUM('a','b')"),
        ("SET('a')", "SET('A')"),
        ("DATETIME", "DATETIME(6)"),
        ("FLOAT", "DOUBLE"),
        ("JSON", "LONGTEXT"),
        ("JSON", "LONGTEXT COLLATE utf8mb4_general_ci"),
    ],
    "sqlite": [("VARCHAR", "VARCHAR(9)"), ("FLOAT", "DOUBLE")],
}


def pairs(table):
    return [pytest.param(name, *pair, id=f"{name}: {pair[0]}, {pair[1]}") for name in table for pair in table[name]]


@pytest.mark.parametrize(("name", "one", "other"), pairs(SAME))
def test_two_words_for_one_type_have_one_spelling(name: str, one: str, other: str):
    rules = dialect_named(name)
    assert rules.canonical_type(one) == rules.canonical_type(other)


@pytest.mark.parametrize(("name", "one", "other"), pairs(OTHER))
def test_two_types_have_two_spellings(name: str, one: str, other: str):
    rules = dialect_named(name)
    assert rules.canonical_type(one) != rules.canonical_type(other)


def test_of_an_unknown_database_no_spelling_is_known():
    assert dialect_named("oracle").canonical_type("NUMBER(10)") is None
