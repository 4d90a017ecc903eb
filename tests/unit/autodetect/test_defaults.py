"""Server defaults that only look different."""

import pytest

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
def test_what_is_not_certain_is_left_to_alembic(in_database, in_models):
    assert compare(in_database, in_models) is None


def test_a_sum_of_two_parentheses_is_itself():
    assert compare("(1) + (2)", "((1) + (2))") is False
    assert compare("(1) + (2)", "(1) + (3)") is None
