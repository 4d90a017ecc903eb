"""Which values of enums are offered as renamed."""

import sqlalchemy as sa
from support.renames import offered, table

from alembic_manage.autodetect.candidates import enum_value_renames


def ticket(*labels: str, name: str | None = "status") -> list[sa.Table]:
    return [table("tickets", sa.Column("state", sa.Enum(*labels, name=name)))]


def test_a_value_of_a_named_type_has_the_path_of_the_type():
    assert offered(enum_value_renames, ticket("open", "closed"), ticket("opened", "closed")) == {
        "status.open": ["status.opened"]
    }


def test_a_value_of_a_type_without_a_name_has_the_path_of_the_column():
    found = offered(enum_value_renames, ticket("open", "closed"), ticket("opened", "closed"), database="mysql")
    assert found == {"tickets.state.open": ["tickets.state.opened"]}


def test_a_database_without_enums_has_no_values_to_rename():
    assert offered(enum_value_renames, ticket("open", "x"), ticket("opened", "x"), database="sqlite") == {}


def test_another_way_of_writing_all_values_is_offered():
    assert offered(enum_value_renames, ticket("OPEN", "DONE"), ticket("open", "done")) == {
        "status.OPEN": ["status.open"],
        "status.DONE": ["status.done"],
    }


def test_the_only_new_word_in_the_place_of_the_only_one_that_is_gone_is_offered():
    assert offered(enum_value_renames, ticket("open", "closed", "void"), ticket("open", "shut", "void")) == {
        "status.closed": ["status.shut"]
    }


def test_another_word_in_another_place_is_not_offered():
    assert offered(enum_value_renames, ticket("hamster", "cat"), ticket("cat", "lizard")) == {}


def test_values_in_another_order_are_not_offered():
    assert offered(enum_value_renames, ticket("a", "b"), ticket("b", "a")) == {}
