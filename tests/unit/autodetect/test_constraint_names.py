"""A name for every constraint."""

import pytest
import sqlalchemy as sa

from alembic_manage.autodetect.constraint_names import CONVENTION, ConstraintNames, by_convention

FULL = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def attached(constraint: sa.Constraint) -> sa.Constraint:
    """The constraint, in a table."""
    columns = (sa.Column("id", sa.Integer), sa.Column("note", sa.Text), sa.Column("total", sa.Integer))
    table = sa.Table("orders", sa.MetaData(), *columns)
    table.append_constraint(constraint)
    return constraint


def names(*taken: str, **options) -> ConstraintNames:
    return ConstraintNames(taken, columns={"orders": frozenset({"id", "note", "total"})}, **options)


NAMED = {
    "uq_orders_note_total": lambda: sa.UniqueConstraint("note", "total"),
    "pk_orders": lambda: sa.PrimaryKeyConstraint("id"),
    "fk_orders_total_customers": lambda: sa.ForeignKeyConstraint(["total"], ["customers.id"]),
}
CHECKED = {"total > 0": "ck_orders_total", "total > id": "ck_orders_1", "1 = 1": "ck_orders_1"}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_says_the_kind_the_table_and_the_columns(name):
    assert names().name_of(attached(NAMED[name]()), "orders") == name


@pytest.mark.parametrize(("text", "name"), CHECKED.items())
def test_the_name_of_a_check_says_its_column_where_it_has_one(text, name):
    assert names().name_of(attached(sa.CheckConstraint(text)), "orders") == name


def test_a_name_that_is_taken_gets_a_number():
    given = names("UQ_orders_note", "uq_orders_note_2")
    assert given.name_of(attached(sa.UniqueConstraint("note")), "orders") == "uq_orders_note_3"


def test_a_name_that_was_given_is_taken():
    given = names()
    first, second = (given.name_of(attached(sa.CheckConstraint("id > total")), "orders") for _ in range(2))
    assert (first, second) == ("ck_orders_1", "ck_orders_2")


def test_a_long_name_is_cut_to_fit_and_still_its_own():
    given = names(length=20)
    one = given.name_of(attached(sa.UniqueConstraint("note", "total")), "orders")
    other = given.name_of(attached(sa.UniqueConstraint("note", "id")), "orders")
    assert len(one) <= 20
    assert one.startswith("uq_orders_")
    assert one != other


def test_the_length_is_in_bytes():
    given = ConstraintNames((), length=20)
    assert len(given.name_of(attached(sa.UniqueConstraint("note")), "büücher" * 3).encode()) <= 20


def test_the_convention_of_the_models_is_followed_where_it_could_not_name():
    given = names(convention=FULL)
    assert given.name_of(attached(sa.CheckConstraint("total > 0")), "orders") == "ck_orders_total"
    assert given.name_of(attached(sa.CheckConstraint("total > id")), "orders") == "ck_orders_1"


def test_a_convention_names_nothing_a_second_time():
    found = names(convention=FULL).name_of(attached(sa.CheckConstraint("total > 0")), "orders")
    assert isinstance(found, sa.sql.elements.conv)


def test_a_convention_for_indexes_only_says_nothing_about_constraints():
    found = names(convention={"ix": "ix_%(column_0_label)s"}).name_of(attached(sa.UniqueConstraint("note")), "orders")
    assert found == "uq_orders_note"
    assert not isinstance(found, sa.sql.elements.conv)


def test_a_primary_key_has_no_name_where_it_would_not_keep_it():
    assert names(names_primary_keys=False).name_of(attached(sa.PrimaryKeyConstraint("id")), "orders") is None


@pytest.mark.parametrize(
    "type_", [sa.Boolean(create_constraint=True), sa.Enum("a", native_enum=False, create_constraint=True)], ids=str
)
def test_the_check_of_a_type_is_named_in_the_type(type_):
    column = sa.Column("flag", type_)
    names().name_type(column, "orders")
    assert column.type.name == "ck_orders_flag"


def test_a_type_without_a_check_gets_no_name():
    column = sa.Column("flag", sa.Boolean())
    names().name_type(column, "orders")
    assert column.type.name is None


def test_the_convention_for_constraints_without_a_name_is_the_one_that_names_are_made_by():
    for name, constraint in NAMED.items():
        assert by_convention(CONVENTION, attached(constraint()), "orders") == name
