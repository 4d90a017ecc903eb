"""Names in SQL with what stands before them."""

from sqlalchemy.dialects import mysql, postgresql

from alembic_manage.operations.quoted_name import quoted_name


def test_the_parts_are_joined_by_dots():
    assert quoted_name(postgresql.dialect(), "shop", "orders") == "shop.orders"


def test_no_schema_is_left_out():
    assert quoted_name(postgresql.dialect(), None, "orders") == "orders"


def test_each_part_is_quoted_by_itself():
    assert quoted_name(postgresql.dialect(), "Shop", "user") == '"Shop"."user"'
    assert quoted_name(mysql.dialect(), "a shop", "orders") == "`a shop`.orders"
