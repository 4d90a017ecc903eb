"""The number at the beginning of an id."""

import pytest

from alembic_manage.autodetect.naming import ID_LENGTH
from alembic_manage.branches.numbering import number_of, with_number, without_number


@pytest.mark.parametrize(
    ("id", "number"),
    [
        ("0003_books", 3),
        ("0468", 468),
        ("10000_x", 10000),
        ("1a2b3c", 0),
        ("003_x", 0),
        ("20261125_x", 0),
        ("12345x", 0),
    ],
)
def test_number_of_an_id(id, number):
    assert number_of(id) == number


def test_only_the_number_is_replaced():
    assert with_number("0003_books_0003", 5) == "0005_books_0003"
    assert with_number("0468", 5) == "0005"
    assert with_number("1a2b3c", 5) == "1a2b3c"


def test_an_id_stays_short_enough_for_the_version_table():
    id = "9999_" + "x" * (ID_LENGTH - 5)
    assert len(with_number(id, 10000)) == ID_LENGTH


def test_an_id_without_its_number():
    assert without_number("0003_books") == "books"
    assert without_number("1a2b3c") == "1a2b3c"
