"""The objects of a schema as values."""

import pytest

from alembic_manage.state.objects import (
    Check,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    Key,
    PrimaryKey,
    Unique,
    columns_of,
    with_column_renamed,
)

COLUMNS = ("a", "b", "c")
INDEX = Index("i", (IndexPart("a"), IndexPart("lower(b)", is_column=False)), options={"postgresql_where": "c > 0"})


def test_a_key_is_written_with_its_schema():
    assert (str(Key("books", "t")), str(Key(None, "t"))) == ("books.t", "t")


@pytest.mark.parametrize(
    ("each", "columns"),
    [
        (PrimaryKey(None, ("a", "b")), "ab"),
        (Unique(None, ("b",)), "b"),
        (Check(None, "a > 0 AND c < 5"), "ac"),
        (ForeignKey(None, ("c",), Key(None, "t"), ("a",)), "c"),
        (Exclude(None, (("a", "="), ("lower(b)", "=")), where="c > 0"), "abc"),
        (INDEX, "abc"),
        (Index("i", (IndexPart("a"),), options={"postgresql_include": ["b"]}), "ab"),
    ],
)
def test_columns_of_a_constraint_or_index(each, columns):
    assert columns_of(each, COLUMNS) == set(columns)


@pytest.mark.parametrize(
    "each",
    [
        PrimaryKey(None, ("a",)),
        Check(None, "a > 0"),
        ForeignKey(None, ("a",), Key(None, "t"), ("a",)),
        Exclude(None, (("a", "="),), where="a > 0"),
        Index("i", (IndexPart("a"), IndexPart("lower(a)", is_column=False)), options={"postgresql_ops": {"a": "x"}}),
    ],
)
def test_a_renamed_column_is_followed_everywhere_in_its_own_table(each):
    renamed = with_column_renamed(each, "a", "b", "b")
    assert columns_of(renamed, COLUMNS) == {"b"}
    assert with_column_renamed(renamed, "b", "a", "a") == each


def test_the_columns_that_a_foreign_key_refers_to_are_another_table_s():
    assert with_column_renamed(ForeignKey(None, ("a",), Key(None, "t"), ("a",)), "a", "b", "b").referred_columns == (
        "a",
    )


def test_plain_columns_of_an_index():
    assert INDEX.columns == ("a",)
