"""Server defaults that only look different."""

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Numeric, String

from alembic_manage.autodetect.defaults import compare_server_default


def compare(in_database: str | None, in_models: str | None) -> bool | None:
    return compare_server_default(None, None, None, in_database, None, in_models)


@pytest.mark.parametrize(
    ("in_database", "in_models"),
    [
        ("CURRENT_TIMESTAMP", "(CURRENT_TIMESTAMP)"),
        ("current_timestamp()", "CURRENT_TIMESTAMP"),
        ("now()", "CURRENT_TIMESTAMP"),
        ("CURRENT_TIMESTAMP", "now()"),
        ("localtimestamp", "now()"),
        ("((1))", "1"),
        (" 1 ", "1"),
        ("'a'", "'a'"),
    ],
)
def test_two_spellings_of_one_default_are_the_same(in_database, in_models):
    assert compare(in_database, in_models) is False


@pytest.mark.parametrize(
    ("in_database", "in_models"),
    [
        ("1", "2"),
        ("'a'", "'b'"),
        ("'now'", "now()"),
        (None, "1"),
        ("1", None),
        (None, None),
        ("now() + 1", "now()"),
        ("'CURRENT_TIMESTAMP'", "CURRENT_TIMESTAMP"),
        ("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
    ],
)
def test_what_is_not_certain_is_left_to_the_comparators(in_database, in_models):
    assert compare(in_database, in_models) is None


def test_a_sum_of_two_parentheses_is_itself():
    assert compare("(1) + (2)", "((1) + (2))") is False
    assert compare("(1) + (2)", "(1) + (3)") is None


def of_type(kind, in_database: str, in_models: str) -> bool | None:
    return compare_server_default(None, None, Column("c", kind), in_database, None, in_models)


@pytest.mark.parametrize(
    ("kind", "in_database", "in_models"),
    [
        (String(40), "''::character varying", "''"),
        (String(40), "'it''s'::character varying", "'it''s'"),
        (String(40), "'it\\'s'", "'it''s'"),
        (Boolean(), "1", "true"),
        (Boolean(), "0", "false"),
        (Numeric(10, 2), "0.00", "'0'"),
        (Date(), "curdate()", "CURRENT_DATE"),
        (JSON(), "'{}'::json", "'{}'"),
    ],
)
def test_the_same_default_in_another_spelling_is_no_change(kind, in_database, in_models):
    assert of_type(kind, in_database, in_models) is False


@pytest.mark.parametrize(
    ("kind", "in_database", "in_models"),
    [(JSON(), "'{}'::json", "'[]'"), (String(40), "'a'", "'don''t'")],
)
def test_another_value_is_left_to_the_comparators(kind, in_database, in_models):
    assert of_type(kind, in_database, in_models) is None


@pytest.mark.parametrize(("in_database", "in_models"), [("'1'", "'1.0'"), ("'true'", "'1'"), ("'now'", "now()")])
def test_text_is_taken_as_it_is(in_database, in_models):
    assert of_type(String(40), in_database, in_models) is not False
