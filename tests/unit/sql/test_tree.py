import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.tree import read_tree
from alembic_manage.sql.unreadable import Unreadable

RULES = dialect_named("postgresql")


def test_operators_bind_as_their_precedence_says():
    assert read_tree("a + b * c > 1 OR d", RULES) == (
        "or",
        (
            "operator",
            ">",
            ("operator", "+", ("name", "a"), ("operator", "*", ("name", "b"), ("name", "c"))),
            ("number", "1"),
        ),
        ("name", "d"),
    )


def test_characters_that_make_one_operator_stay_together():
    assert read_tree("a @> b", RULES)[1] == "@>"
    assert read_tree("a*-1", RULES) == ("operator", "*", ("name", "a"), ("number", "-1"))


@pytest.mark.parametrize("text", ["a >", "(a", "f(a", "a = ", "CASE WHEN a", "CAST(a)", "a IN b"])
def test_half_an_expression_is_unreadable(text: str):
    with pytest.raises(Unreadable):
        read_tree(text, RULES)
