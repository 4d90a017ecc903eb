"""Types as SQL, told apart by the literals that they take."""

from __future__ import annotations

import pytest

from alembic_manage.questions.column_kind import ColumnKind, Kind, kind_of


@pytest.mark.parametrize(
    ("type_text", "kind"),
    [
        ("INTEGER", Kind.INTEGER),
        ("int", Kind.INTEGER),
        ("INT UNSIGNED", Kind.INTEGER),
        ("BIGINT", Kind.INTEGER),
        ("SERIAL", Kind.INTEGER),
        ("YEAR", Kind.INTEGER),
        ("TINYINT(4)", Kind.INTEGER),
        ("TINYINT(1)", Kind.BOOLEAN),
        ("BOOL", Kind.BOOLEAN),
        ("BOOLEAN", Kind.BOOLEAN),
        ("NUMERIC(10, 2)", Kind.NUMBER),
        ("FLOAT", Kind.NUMBER),
        ("DOUBLE PRECISION", Kind.NUMBER),
        ("VARCHAR(20)", Kind.TEXT),
        ("VARCHAR", Kind.TEXT),
        ('VARCHAR(20) COLLATE "de_DE"', Kind.TEXT),
        ("CHARACTER VARYING(20)", Kind.TEXT),
        ("LONGTEXT", Kind.TEXT),
        ("ENUM('a','b')", Kind.TEXT),
        ("DATE", Kind.DATE),
        ("DATETIME", Kind.TIMESTAMP),
        ("DATETIME(6)", Kind.TIMESTAMP),
        ("TIMESTAMP WITH TIME ZONE", Kind.TIMESTAMP),
        ("TIME WITHOUT TIME ZONE", Kind.TIME),
        ("JSON", Kind.JSON),
        ("JSONB", Kind.JSON),
        ("UUID", Kind.UUID),
        ("BYTEA", Kind.BYTES),
        ("BLOB", Kind.BYTES),
        ("INTEGER[]", Kind.OTHER),
        ("TEXT ARRAY", Kind.OTHER),
        ("INTERVAL", Kind.OTHER),
        ("DATERANGE", Kind.OTHER),
        ("INT4RANGE", Kind.OTHER),
        ("mood", Kind.OTHER),
        ("time_of_day", Kind.OTHER),
        ("GEOMETRY(POINT,4326)", Kind.OTHER),
    ],
)
def test_kind_of_a_type(type_text: str, kind: Kind) -> None:
    assert kind_of(type_text).kind is kind


def test_what_stands_in_parentheses() -> None:
    assert kind_of("NUMERIC(10, 2)").arguments == (10, 2)
    assert kind_of("CHARACTER VARYING(20)").arguments == (20,)
    assert kind_of("TEXT").arguments == ()


def test_labels_of_an_enum_that_is_written_out() -> None:
    assert kind_of("ENUM('a','it''s')") == ColumnKind(Kind.TEXT, labels=("a", "it's"))


def test_size_of_an_integer() -> None:
    assert (kind_of("SMALLINT").bits, kind_of("INT UNSIGNED").is_unsigned) == (16, True)
    assert kind_of("VARCHAR(3)").bits is None
