"""Names in SQL expressions."""

import pytest

from alembic_manage.state.expression import columns_in, with_renamed


@pytest.mark.parametrize(
    ("expression", "found"),
    [("price > 0", {"price"}), ("PRICE > 0", {"price"}), ("'price'", set()), ('"Price" > 0', set()), ("prices", set())],
)
def test_columns_of_an_expression(expression, found):
    assert columns_in(expression, ["price", "name"]) == found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("price > 0", "cost > 0"),
        ('"price" > 0', '"cost" > 0'),
        ("`price` + prices", "`cost` + prices"),
        ("note <> 'price'", "note <> 'price'"),
        ("PRICE > 0", "cost > 0"),
    ],
)
def test_a_renamed_column_is_followed(before, after):
    assert with_renamed(before, "price", "cost", "cost") == after


def test_a_new_name_that_needs_quotes_gets_them_where_the_old_one_had_none():
    assert with_renamed('price > "price"', "price", "Cost", '"Cost"') == '"Cost" > "Cost"'
