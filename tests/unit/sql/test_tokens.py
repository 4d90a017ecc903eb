"""Tokens, by the lexical rules of each database."""

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.tokens import tokens_of


@pytest.mark.parametrize(
    ("name", "sql", "texts"),
    [
        ("postgresql", "a::text[1] -- b\n/* c */d", ["a", "::", "text", "[", "1", "]", "d"]),
        ("postgresql", "$$ a $$ $x$ $$ $x$", ["$$ a $$", "$x$ $$ $x$"]),
        ("postgresql", r"E'a\'b' 'c\' 'd''e'", [r"E'a\'b'", r"'c\'", "'d''e'"]),
        ("mysql", '`a b` "text" # comment\n1.5e3', ["`a b`", '"text"', "1.5e3"]),
        ("mysql", r"'a\'b'", [r"'a\'b'"]),
        ("mysql", "/*!50100 a */ /*M! b */ /* c */", ["a", "b"]),
        ("sqlite", '[a b] "c" `d`', ["[a b]", '"c"', "`d`"]),
    ],
)
def test_a_text_is_cut_into_tokens(name, sql, texts):
    assert [token.text for token in tokens_of(sql, dialect_named(name))] == texts


@pytest.mark.parametrize(
    ("name", "sql", "value"),
    [
        ("postgresql", "'it''s'", "it's"),
        ("postgresql", r"E'a\nb'", "a\nb"),
        ("postgresql", '"a""b"', 'a"b'),
        ("postgresql", "$x$ a $x$", " a "),
        ("mysql", "`a``b`", "a`b"),
        ("sqlite", "[a]", "a"),
    ],
)
def test_a_value_is_without_quotes(name, sql, value):
    (token,) = tokens_of(sql, dialect_named(name))
    assert token.value == value
