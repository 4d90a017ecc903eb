"""What kind of values a type holds."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from support.states import State

from alembic_manage.autodetect.steps.type_kind import TypeKind, kind_of


def kind(type_, name="postgresql"):
    state = State(name)
    return kind_of(type_, state.dialect, state.schema.rules)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (sa.String(20), TypeKind("text", 20)),
        (sa.Text(), TypeKind("text")),
        (sa.SmallInteger(), TypeKind("integer", 16)),
        (sa.Integer(), TypeKind("integer", 32)),
        (sa.BigInteger(), TypeKind("integer", 64)),
        (sa.Numeric(10, 2), TypeKind("number", precision=10, scale=2)),
        (sa.Numeric(), TypeKind("number")),
        (sa.Float(), TypeKind("float", 53)),
        (sa.REAL(), TypeKind("float", 24)),
        (sa.Boolean(), TypeKind("boolean")),
        (sa.Date(), TypeKind("date")),
        (sa.DateTime(), TypeKind("timestamp", 6)),
        (sa.DateTime(timezone=True), TypeKind("timestamptz", 6)),
        (postgresql.TIMESTAMP(precision=3), TypeKind("timestamp", 3)),
        (postgresql.INTERVAL(), TypeKind("interval")),
        (postgresql.UUID(), TypeKind("uuid")),
        (postgresql.JSONB(), TypeKind("json")),
        (sa.LargeBinary(), TypeKind("bytes")),
        (sa.Enum("a", "b", name="x"), TypeKind("enum", labels=("a", "b"))),
        (postgresql.ARRAY(sa.Integer), TypeKind("other")),
    ],
    ids=repr,
)
def test_kind_says_what_values_there_are(type_, expected):
    assert kind(type_) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (mysql.TINYINT(1), TypeKind("boolean")),
        (mysql.TINYINT(), TypeKind("integer", 8)),
        (mysql.INTEGER(unsigned=True), TypeKind("integer", 32, unsigned=True)),
        (mysql.MEDIUMINT(), TypeKind("integer", 24)),
        (sa.Numeric(), TypeKind("number", precision=10)),
        (mysql.FLOAT(), TypeKind("float", 24)),
        (mysql.DOUBLE(), TypeKind("float", 53)),
        (mysql.DATETIME(fsp=6), TypeKind("timestamp", 6)),
        (sa.DateTime(timezone=True), TypeKind("timestamp", 0)),
        (sa.Text(), TypeKind("text", 65535)),
        (mysql.LONGTEXT(), TypeKind("text")),
    ],
    ids=repr,
)
def test_kind_counts_as_the_database_counts(type_, expected):
    assert kind(type_, "mysql") == expected


def test_bounds_and_width_of_integers():
    assert TypeKind("integer", 16).bounds == (-32768, 32767)
    assert TypeKind("integer", 8, unsigned=True).bounds == (0, 255)
    assert TypeKind("integer", 32).width == len("-2147483648")


def test_width_is_not_known_of_everything():
    assert TypeKind("json").width is None
    assert TypeKind("text", 7).width == 7
    assert TypeKind("number", precision=4, scale=2).width == len("-12.34")
    assert TypeKind("enum", labels=("a", "long")).width == 4
