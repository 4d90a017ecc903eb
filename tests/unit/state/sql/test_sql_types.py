"""The text of a type becomes SQLAlchemy's type."""

import pickle
from typing import Any

import pytest
from sqlalchemy import URL

from alembic_manage.dialects import dialect_named
from alembic_manage.state.objects import EnumType
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.sql_reader import SqlReader
from alembic_manage.state.sql.sql_types import WrittenType, read_type

TYPES = [
    ("postgresql", "varchar(30)", "VARCHAR(length=30)"),
    ("postgresql", "CHARACTER VARYING", "VARCHAR()"),
    ("postgresql", "int4", "INTEGER()"),
    ("postgresql", "serial", "INTEGER()"),
    ("postgresql", "decimal(10, 2)", "NUMERIC(precision=10, scale=2)"),
    ("postgresql", "timestamptz", "TIMESTAMP(timezone=True)"),
    ("postgresql", "timestamp(3) without time zone", "TIMESTAMP(precision=3)"),
    ("postgresql", "interval day to second(3)", "INTERVAL(precision=3, fields='DAY TO SECOND')"),
    ("postgresql", "bit varying(4)", "BIT(length=4, varying=True)"),
    ("postgresql", "text[]", "ARRAY(TEXT())"),
    ("postgresql", "int[3][]", "ARRAY(INTEGER(), dimensions=2)"),
    ("postgresql", "int array[4]", "ARRAY(INTEGER())"),
    ("postgresql", "pg_catalog.int4", "INTEGER()"),
    ("postgresql", "mood", "ENUM('a', name='mood')"),
    ("postgresql", "public.Mood[]", "ARRAY(ENUM('a', name='mood'))"),
    ("postgresql", "geometry(Point, 4326)", "WrittenType('geometry(Point, 4326)')"),
    ("postgresql", "tensor(3)[]", "ARRAY(WrittenType('tensor(3)'))"),
    ("mysql", "int(11) unsigned", "INTEGER(display_width=11, unsigned=True)"),
    ("mysql", "BOOLEAN", "TINYINT(display_width=1)"),
    ("mysql", "enum('a', \"b\", 'it''s')", "ENUM('a', 'b', \"it's\")"),
    ("mysql", "datetime(6)", "DATETIME(fsp=6)"),
    ("mysql", "varchar(9) CHARACTER SET latin1", "VARCHAR(charset='latin1', length=9)"),
    ("mysql", "decimal(5, 1) unsigned", "DECIMAL(unsigned=True, precision=5, scale=1)"),
    ("mysql", "longtext", "LONGTEXT()"),
    ("sqlite", "VARCHAR(20)", "VARCHAR(length=20)"),
    ("sqlite", "unsigned big int", "WrittenType('unsigned big int')"),
    ("sqlite", "", "WrittenType('')"),
]


@pytest.mark.parametrize(("name", "text", "type_"), TYPES)
def test_a_type_is_read(name, text, type_):
    schema = Schema(dialect_named(name))
    schema.create_enum(EnumType(schema.key(None, "mood"), ("a",)))
    read = SqlReader(text, schema.rules)
    found = read_type(read, schema, URL.create(name).get_dialect()())
    assert read.is_done
    # SQLAlchemy 2.1 says it in the text, 2.0 does not.
    assert repr(found).replace(", create_type=False", "") == type_


def test_a_type_of_which_only_the_text_is_known_renders_it():
    dialect = URL.create("postgresql").get_dialect()()
    type_ = pickle.loads(pickle.dumps(WrittenType("geometry(Point, 4326)")))
    assert type_.compile(dialect) == "geometry(Point, 4326)"


def test_an_enum_of_the_state_makes_no_type_of_its_own():
    schema = Schema(dialect_named("postgresql"))
    schema.create_enum(EnumType(schema.key(None, "mood"), ("a",)))
    found: Any = read_type(SqlReader("mood", schema.rules), schema, URL.create("postgresql").get_dialect()())
    assert not found.create_type
