"""Which indexes and constraints are offered as renamed."""

import pytest
import sqlalchemy as sa
from support.renames import offered, table

from alembic_manage.autodetect.candidates import index_and_constraint_renames


def users(*items: sa.Constraint | sa.Index) -> list[sa.Table]:
    return [table("users", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), *items)]


def found(before: object, after: object, database: str = "postgresql") -> dict[str, list[str]]:
    return offered(index_and_constraint_renames, users(before), users(after), database=database)


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_an_index_with_another_name_is_offered(database):
    assert found(sa.Index("i", "a"), sa.Index("ix_a", "a"), database) == {"users.i": ["users.ix_a"]}


def test_sqlite_cannot_rename_an_index():
    assert found(sa.Index("i", "a"), sa.Index("ix_a", "a"), "sqlite") == {}


def test_an_index_of_another_column_is_not_offered():
    assert found(sa.Index("i", "a"), sa.Index("ix_b", "b")) == {}


def test_an_index_of_the_same_columns_in_another_order_is_not_offered():
    assert found(sa.Index("i", "a", "b"), sa.Index("ix_b", "b", "a")) == {}


def test_a_unique_index_is_not_a_plain_one():
    assert found(sa.Index("i", "a"), sa.Index("ix_a", "a", unique=True)) == {}


def test_a_check_with_another_name_is_offered():
    before, after = sa.CheckConstraint("a > 0", name="positive"), sa.CheckConstraint("a > 0", name="ck_a")
    assert found(before, after) == {"users.positive": ["users.ck_a"]}


def test_a_check_of_another_rule_is_not_offered():
    assert found(sa.CheckConstraint("a > 0", name="positive"), sa.CheckConstraint("a > 1", name="ck_a")) == {}


def test_mariadb_renames_no_check():
    before, after = sa.CheckConstraint("a > 0", name="positive"), sa.CheckConstraint("a > 0", name="ck_a")
    assert found(before, after, "mysql") == {}


def test_a_constraint_that_the_models_do_not_name_keeps_its_name():
    assert found(sa.UniqueConstraint("a", name="only_once"), sa.UniqueConstraint("a")) == {}


def test_a_name_that_the_server_chose_is_given_up_for_one_that_the_models_say():
    assert found(sa.UniqueConstraint("a"), sa.UniqueConstraint("a", name="uq_a")) == {
        "users.users_a_key": ["users.uq_a"]
    }


def test_of_two_that_are_alike_the_names_that_fit_belong_together():
    before = users(sa.Index("first_a", "a"), sa.Index("second_a", "a"))
    after = users(sa.Index("ix_second", "a"), sa.Index("ix_first", "a"))
    assert offered(index_and_constraint_renames, before, after) == {
        "users.first_a": ["users.ix_first"],
        "users.second_a": ["users.ix_second"],
    }
