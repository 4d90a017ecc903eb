"""Operations on enum types: their SQL, and the way back."""

import pytest
from sqlalchemy.dialects import postgresql

from alembic_manage.operations import ChangeEnum, CreateEnum, DropEnum, EnumColumn, Rebuilt, RenameEnumValue

DIALECT = postgresql.dialect()
COLUMN = EnumColumn(None, "orders", "status")


def sql(operation) -> list[str]:
    return list(operation.statements(DIALECT))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("ab", "abc", ["'c'"]),
        ("ab", "abcd", ["'c'", "'d'"]),
        ("ab", "xab", ["'x' BEFORE 'a'"]),
        ("ab", "axb", ["'x' AFTER 'a'"]),
        ("ab", "xyab", ["'x' BEFORE 'a'", "'y' AFTER 'x'"]),
        ("ab", "axyb", ["'x' AFTER 'a'", "'y' AFTER 'x'"]),
        ("ab", "xaybz", ["'x' BEFORE 'a'", "'y' AFTER 'a'", "'z'"]),
        ("", "ab", ["'a'", "'b'"]),
    ],
)
def test_values_that_are_only_added_are_added_in_place(before, after, expected):
    change = ChangeEnum("status", list(before), list(after), [COLUMN])
    assert change.only_adds
    assert sql(change) == [f"ALTER TYPE status ADD VALUE {each}" for each in expected]


@pytest.mark.parametrize(("before", "after"), [("ab", "a"), ("ab", "ba"), ("abc", "axc")])
def test_the_type_is_swapped_where_values_go_or_move(before, after):
    change = ChangeEnum("status", list(before), list(after), [COLUMN])
    assert not change.only_adds
    assert sql(change) == [
        "ALTER TYPE status RENAME TO status_old",
        f"CREATE TYPE status AS ENUM ({', '.join(map(repr, after))})",
        "ALTER TABLE orders ALTER COLUMN status TYPE status USING status::text::status",
        "DROP TYPE status_old",
    ]


def test_a_swap_takes_the_default_away_and_gives_the_new_one():
    column = EnumColumn("shop", "orders", "status", default="'b'", new_default="'a'")
    change = ChangeEnum("status", ["a", "b"], ["a"], [column], "shop")
    assert sql(change)[2:5] == [
        "ALTER TABLE shop.orders ALTER COLUMN status DROP DEFAULT",
        "ALTER TABLE shop.orders ALTER COLUMN status TYPE shop.status USING status::text::shop.status",
        "ALTER TABLE shop.orders ALTER COLUMN status SET DEFAULT 'a'",
    ]
    back = change.reverse()
    assert sql(back) == [
        "ALTER TYPE shop.status ADD VALUE 'b'",
        "ALTER TABLE shop.orders ALTER COLUMN status SET DEFAULT 'b'",
    ]
    assert back.in_own_transaction


def test_an_array_is_converted_as_an_array():
    change = ChangeEnum("status", ["a", "b"], ["b", "a"], [EnumColumn(None, "orders", "all", is_array=True)])
    assert 'ALTER TABLE orders ALTER COLUMN "all" TYPE status[] USING "all"::text[]::status[]' in sql(change)


def test_what_stands_in_the_way_is_made_anew_around_a_swap():
    change = ChangeEnum(
        "status", ["a", "b"], ["b", "a"], [COLUMN], rebuilt=[Rebuilt("i", "DROP INDEX i", "CREATE INDEX i")]
    )
    assert sql(change)[0] == "DROP INDEX i"
    assert sql(change)[-1] == "CREATE INDEX i"
    assert sql(change.reverse())[0] == "DROP INDEX i"


def test_a_new_default_of_a_new_value_needs_a_transaction_of_its_own():
    column = EnumColumn(None, "orders", "status", default="'a'", new_default="'c'")
    assert ChangeEnum("status", ["a"], ["a", "c"], [column]).in_own_transaction
    assert not ChangeEnum("status", ["a"], ["a", "c"], [COLUMN]).in_own_transaction


def test_what_is_said_about_the_transaction_counts():
    change = ChangeEnum("status", ["a"], ["a", "c"], [COLUMN])
    change.in_own_transaction = True
    assert change.in_own_transaction
    assert not change.reverse().in_own_transaction, "a swap has no value that must be there before"


def test_added_and_removed_values_are_told():
    change = ChangeEnum("status", ["a", "b"], ["c", "b", "d"])
    assert change.added == ("c", "d")
    assert change.removed == ("a",)


def test_the_name_of_the_old_type_fits_into_63_bytes():
    change = ChangeEnum("s" * 63, ["a", "b"], ["b", "a"])
    assert sql(change)[0] == f"ALTER TYPE {'s' * 63} RENAME TO {'s' * 59}_old"


def test_names_and_values_are_quoted():
    assert sql(CreateEnum("Status", ["it's"], "my shop")) == ["CREATE TYPE \"my shop\".\"Status\" AS ENUM ('it''s')"]
    assert sql(RenameEnumValue("status", "it's", "its")) == ["ALTER TYPE status RENAME VALUE 'it''s' TO 'its'"]


@pytest.mark.parametrize(
    "operation",
    [
        CreateEnum("status", ["a"]),
        DropEnum("status", ["a"], "shop"),
        RenameEnumValue("status", "a", "b"),
        ChangeEnum("status", ["a", "b"], ["b", "a"], [EnumColumn(None, "t", "c", default="'a'", new_default="'b'")]),
    ],
)
def test_the_reverse_of_the_reverse_is_the_same(operation):
    assert sql(operation.reverse()) != sql(operation)
    assert sql(operation.reverse().reverse()) == sql(operation)
