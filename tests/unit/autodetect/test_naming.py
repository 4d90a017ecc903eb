"""Ids of new revisions: a number and a slug that fit the version table."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.histories import make_history

from alembic_manage import CommandError
from alembic_manage.autodetect.naming import ID_LENGTH, make_id, merge_slug, message_for, slug_for
from alembic_manage.outline.change import Change

EMPTY = make_history({})


def add_column(table: str, name: str) -> Change:
    return Change("+", "add_column", "", table, name)


def create_table(name: str) -> Change:
    return Change("+", "create_table", "", name, name)


def create_index(name: str) -> Change:
    return Change("+", "create_index", "", "orders", name)


# Slugs


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (create_table("orders"), "orders"),
        (Change("-", "drop_table", "", "orders", "orders"), "remove_orders"),
        (Change("~", "rename_table", "", "order", "order", new_name="orders"), "rename_order_to_orders"),
        (add_column("order", "shipped_at"), "order_shipped_at"),
        (Change("-", "drop_column", "", "order", "note"), "remove_order_note"),
        (Change("~", "alter_column", "", "order", "note"), "alter_order_note"),
        (Change("~", "alter_column", "", "order", "a", new_name="b"), "rename_order_a_to_b"),
        (create_index("ix_orders_note"), "ix_orders_note"),
        (Change("-", "drop_index", "", "orders", "ix_orders_note"), "remove_ix_orders_note"),
        (Change("-", "drop_constraint", "", "orders", "uq_note"), "remove_uq_note"),
        (Change("s", "execute", "Raw SQL: x"), "execute"),
    ],
)
def test_a_change_is_named_after_what_it_is_about(change, slug):
    assert slug_for([change], initial=False) == slug


def test_the_first_revision_is_called_initial():
    assert slug_for([create_table("orders")], initial=True) == "initial"


def test_several_changes_are_named_in_a_row_while_they_fit():
    assert slug_for([create_table("tag"), add_column("item", "note")], initial=False) == "tag_item_note"


def test_what_does_not_fit_becomes_and_more():
    changes = [add_column("order", "shipped_at"), add_column("customer", "birthday")]
    assert slug_for(changes, initial=False) == "order_shipped_at_and_more"


def test_indexes_count_only_where_no_column_and_no_table_changes():
    assert slug_for([create_index("ix"), add_column("order", "note")], initial=False) == "order_note"
    assert slug_for([create_index("ix_a"), create_index("ix_b")], initial=False) == "ix_a_ix_b"


def drop_index(name: str) -> Change:
    return Change("-", "drop_index", "", "orders", name)


def test_what_goes_and_comes_again_is_altered():
    assert slug_for([drop_index("ix"), create_index("ix")], initial=False) == "alter_ix"


def test_what_stood_in_the_way_does_not_count():
    changes = [drop_index("fk"), drop_index("ix"), create_index("fk")]
    assert slug_for(changes, initial=False) == "remove_ix"


def test_the_same_fragment_counts_once():
    assert slug_for([create_index("ix"), create_index("ix")], initial=False) == "ix"


def test_changes_without_names_are_named_after_the_time():
    assert re.fullmatch(r"auto_\d{8}_\d{4}", slug_for([], initial=False))


@pytest.mark.parametrize("name", ["Order", "order-line", "größe", "a b", "«»", "__x__"])
def test_a_slug_has_only_small_letters_digits_and_underscores(name):
    assert re.fullmatch(r"[a-z0-9_]+", slug_for([create_table(name), add_column(name, "x")], initial=False))


def test_a_long_slug_is_cut_at_the_end_of_a_word():
    change = add_column("customer_addresses", "street_number")
    assert slug_for([change], initial=False) == "customer_addresses_street"


# Ids


def test_the_number_is_one_above_the_highest():
    assert make_id(EMPTY, "initial") == "0001_initial"
    assert make_id(make_history({"0001_initial": "", "0007_b": "0001_initial"}), "x") == "0008_x"


def test_other_ids_are_counted_where_none_is_numbered():
    assert make_id(make_history({"ae10": "", "b27c": "ae10"}), "x") == "0003_x"


def test_the_number_grows_beyond_four_digits():
    assert make_id(make_history({"9999_x": ""}), "y") == "10000_y"


def test_a_made_slug_is_cut_and_a_given_one_is_refused():
    long = "a_name_that_is_far_too_long_for_the_table"
    assert len(make_id(EMPTY, long)) <= ID_LENGTH
    with pytest.raises(CommandError, match="too long") as caught:
        make_id(EMPTY, long, given=True)
    suggested = caught.value.hint.rpartition(" ")[2]
    assert make_id(EMPTY, suggested, given=True)


@pytest.mark.parametrize("name", ["add orders", "a-b", "a/b", "../up", "größe", "x;y", "a.py", ""])
def test_a_given_name_that_is_no_slug_is_refused_with_one_that_is(name):
    with pytest.raises(CommandError, match="no slug") as caught:
        make_id(EMPTY, name, given=True)
    suggested = caught.value.hint.rpartition(" ")[2]
    assert make_id(EMPTY, suggested, given=True)


@pytest.mark.parametrize("name", ["Orders", "x", "2026_orders", "_x"])
def test_a_given_slug_stays_as_it_is(name):
    assert make_id(EMPTY, name, given=True) == f"0001_{name}"


# Merges and messages


def test_a_merge_is_named_after_what_it_joins():
    assert merge_slug(["0002_tags", "0002_notes"]) == "merge_tags_notes"


def test_a_merge_of_long_names_is_named_after_the_time():
    slug = merge_slug(["0002_order_shipped_at", "0002_customer_birthday"])
    assert re.fullmatch(r"merge_\d{8}_\d{4}", slug)


@pytest.mark.parametrize(
    ("id", "message"), [("0002_order_shipped_at", "order shipped at"), ("ae10", "ae10"), ("10000_x", "x")]
)
def test_the_message_is_the_slug_in_words(id, message):
    assert message_for(id) == message


# Laws

names = st.text(min_size=1, max_size=60)
kinds = st.sampled_from(
    [
        "create_table",
        "drop_table",
        "rename_table",
        "add_column",
        "drop_column",
        "alter_column",
        "create_index",
        "execute",
    ]
)
changes = st.builds(
    lambda symbol, kind, table, name, new: Change(symbol, kind, "", table, name, new_name=new),
    st.sampled_from("+-~s"),
    kinds,
    names,
    names,
    names,
)


@given(st.lists(changes, max_size=6), st.booleans(), st.integers(0, 12000))
@example([add_column("a" * 60, "b" * 60)], False, 0)
def test_every_made_id_fits_and_names_a_file(found, initial, number):
    history = make_history({f"{number:04d}_x": ""})
    id = make_id(history, slug_for(found, initial=initial))
    assert len(id) <= ID_LENGTH
    assert re.fullmatch(r"\d{4,}_[a-z0-9_]*[a-z0-9]", id), id


@given(st.lists(st.text(max_size=40), min_size=2, max_size=4))
def test_every_merge_id_fits(ids):
    assert len(make_id(EMPTY, merge_slug(ids))) <= ID_LENGTH
