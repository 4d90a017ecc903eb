"""What the place of a column tells."""

from alembic_manage.autodetect.candidates.place import Places


def test_a_column_between_the_same_ones_kept_its_place():
    places = Places(["a", "old", "b"], ["old"], ["a", "new", "b"], ["new"])
    assert (places.relation("old", "new"), places.in_step("old", "new")) == ("kept", 1)


def test_a_column_elsewhere_moved():
    places = Places(["a", "b", "old"], ["old"], ["a", "new", "b"], ["new"])
    assert (places.relation("old", "new"), places.in_step("old", "new")) == ("moved", 0)


def test_a_column_that_is_the_last_now_moved_to_the_end():
    places = Places(["a", "old", "b"], ["old"], ["a", "b", "new"], ["new"])
    assert (places.relation("old", "new"), places.in_step("old", "new")) == ("moved to the end", 0)


def test_the_last_place_is_that_of_every_new_column():
    assert Places(["a", "old"], ["old"], ["a", "new"], ["new"]).relation("old", "new") == "end"


def test_places_tell_nothing_where_the_others_are_in_another_order():
    places = Places(["a", "b", "old"], ["old"], ["b", "a", "new"], ["new"])
    assert (places.relation("old", "new"), places.in_step("old", "new")) == ("unknown", 0)


def test_where_more_have_come_than_are_gone_the_first_may_be_another_one():
    assert Places(["old", "z"], ["old"], ["one", "two", "z"], ["one", "two"]).in_step("old", "one") == 0.5
