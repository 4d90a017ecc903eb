"""How alike names are."""

import pytest

from alembic_manage.autodetect.candidates.name_similarity import similarity, words


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("qty", "quantity"),
        ("firstName", "first_name"),
        ("tag", "tags"),
        ("category", "categories"),
        ("created", "created_at"),
        ("active", "is_active"),
        ("author", "author_id"),
        ("login", "username"),
        ("occurence", "occurrence"),
    ],
)
def test_names_that_mean_the_same_are_alike(old, new):
    assert similarity(old, new) >= 0.7


@pytest.mark.parametrize(("old", "new"), [("fax", "timezone"), ("user_id", "order_id"), ("width", "checksum")])
def test_names_that_mean_something_else_are_not_alike(old, new):
    assert similarity(old, new) < 0.5


def test_the_name_of_the_table_may_be_left_out():
    assert similarity("post_title", "title", "posts") > similarity("post_title", "title", "users")


def test_likeness_has_no_direction():
    assert similarity("start_time", "started_at") == similarity("started_at", "start_time")


def test_equal_names_are_wholly_alike():
    assert similarity("total", "total") == 1


def test_words_are_singular_and_in_full():
    assert words("maxQtys_2") == ("maximum", "quantity", "2")
