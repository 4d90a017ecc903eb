"""CHECKs, found on the history state."""

from collections.abc import Callable

import pytest
from alembic.operations import ops
from sqlalchemy import Boolean, CheckConstraint, Column, Enum, Integer, MetaData, String, Table
from support.comparison import lines_between, metadata_of, operations_between, state_connection

NAMES = ("postgresql", "mysql", "sqlite")


def orders(*checks: Callable[[], CheckConstraint], kind=None, **options):
    def model(metadata: MetaData) -> None:
        columns = [Column("id", Integer, primary_key=True), Column("a", Integer), Column("b", kind or String(20))]
        Table("orders", metadata, *columns, *(each() for each in checks), **options)

    return model


def check(text: str, name: str | None = None) -> Callable[[], CheckConstraint]:
    return lambda: CheckConstraint(text, name=name)


def kind(*values: str) -> Enum:
    return Enum(*values, native_enum=False, create_constraint=True, name="kind", length=20)


@pytest.mark.parametrize("name", NAMES)
def test_a_new_check_is_made_and_one_that_is_gone_is_dropped(name: str):
    lines = lines_between(orders(), orders(check("a > 0", "positive")), name)
    assert lines == ["op.create_check_constraint('positive', 'orders', 'a > 0')"]
    lines = lines_between(orders(check("a > 0", "positive")), orders(), name)
    assert lines == ["op.drop_constraint(op.f('positive'), 'orders', type_='check')"]


@pytest.mark.parametrize("name", NAMES)
def test_another_text_is_another_check(name: str):
    lines = lines_between(orders(check("a > 0", "positive")), orders(check("a > 1", "positive")), name)
    assert [line.strip().partition("(")[0] for line in lines] == ["op.drop_constraint", "op.create_check_constraint"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", ["a>0", "(a > 0)", "A > 0", "orders.a > 0"])
def test_another_spelling_is_the_same_check(name: str, other: str):
    assert lines_between(orders(check("a > 0", "positive")), orders(check(other, "positive")), name) == ["pass"]


@pytest.mark.parametrize("name", NAMES)
def test_a_check_without_a_name_is_known_by_its_text(name: str):
    assert lines_between(orders(check("a > 0")), orders(check("a>0")), name) == ["pass"]
    found = _operations(orders(check("a > 0")), orders(check("a > 1")), name)
    assert [type(each) for each in found] == [ops.DropConstraintOp, ops.CreateCheckConstraintOp]


def test_a_name_that_the_models_give_is_not_that_of_the_server():
    found = _operations(orders(check("a > 0")), orders(check("a > 0", "positive")), "postgresql")
    assert [each.constraint_name for each in found] == ["orders_a_check", "positive"]


@pytest.mark.parametrize("name", NAMES)
def test_a_value_added_to_an_enum_of_text_changes_its_check(name: str):
    lines = lines_between(orders(kind=kind("x", "y")), orders(kind=kind("x", "y", "z")), name)
    assert lines[0] == "op.drop_constraint(op.f('kind'), 'orders', type_='check')"
    assert lines[-1].strip() == """op.create_check_constraint(op.f('kind'), 'orders', "b IN ('x', 'y', 'z')")"""
    assert lines_between(orders(kind=kind("x")), orders(kind=kind("x")), name) == ["pass"]


def test_the_check_of_a_boolean_is_made_where_the_database_has_no_booleans():
    plain, checked = orders(kind=Boolean()), orders(kind=Boolean(create_constraint=True, name="flag"))
    assert lines_between(plain, checked, "postgresql") == ["pass"]
    assert "op.create_check_constraint('flag', 'orders', 'b IN (0, 1)')" in lines_between(plain, checked, "sqlite")


@pytest.mark.parametrize("name", NAMES)
def test_a_new_column_and_the_check_of_its_type_are_two_operations(name: str):
    def before(metadata: MetaData) -> None:
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("a", Integer))

    added = _operations(before, orders(kind=kind("x", "y")), name)
    assert [type(each) for each in added] == [ops.AddColumnOp, ops.CreateCheckConstraintOp]
    assert not added[0].column.type.create_constraint
    removed = _operations(orders(kind=kind("x", "y")), before, name)
    assert [type(each) for each in removed] == [ops.DropConstraintOp, ops.DropColumnOp]


@pytest.mark.parametrize("name", NAMES)
def test_a_new_table_has_the_checks_of_its_columns(name: str):
    def after(metadata: MetaData) -> None:
        Table("orders", metadata, Column("a", Integer, CheckConstraint("a > 0", name="positive")))

    def before(metadata: MetaData) -> None:
        pass

    assert "sa.CheckConstraint('a > 0', name='positive')" in " ".join(lines_between(before, after, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_check_that_is_part_of_a_column_is_there(name: str):
    def model(metadata: MetaData) -> None:
        Table("orders", metadata, Column("a", Integer, CheckConstraint("a > 0")))

    assert lines_between(model, model, name) == ["pass"]


def test_a_check_that_went_with_its_column_is_made_as_a_constraint():
    metadata = MetaData()
    Table("orders", metadata, Column("a", Integer, CheckConstraint("a > 0")))
    with state_connection(metadata, "mysql") as connection:
        assert operations_between(connection, metadata) == []
        connection.exec_driver_sql("ALTER TABLE orders CHANGE a a INTEGER")
        assert [type(each) for each in operations_between(connection, metadata)] == [ops.CreateCheckConstraintOp]


def test_a_check_for_another_database_is_none_here():
    def after(metadata: MetaData) -> None:
        orders()(metadata)
        made = CheckConstraint("a ~ 'x'", name="pattern").ddl_if(dialect="postgresql")
        metadata.tables["orders"].append_constraint(made)

    assert lines_between(orders(), after, "sqlite") == ["pass"]
    assert lines_between(orders(), after, "postgresql") != ["pass"]


def test_nothing_is_found_twice_where_alembics_own_comparator_is_on():
    plugins = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
    lines = lines_between(orders(), orders(check("a > 0", "positive")), "postgresql", autogenerate_plugins=plugins)
    assert lines == ["op.create_check_constraint('positive', 'orders', 'a > 0')"]


def test_a_filter_of_env_py_decides():
    def include(object, name, type_, reflected, compare_to):
        return type_ != "check_constraint"

    for before, after in ((orders(), orders(check("a > 0", "x"))), (orders(check("a > 0", "x")), orders())):
        assert lines_between(before, after, "postgresql", include_object=include) == ["pass"]


def test_a_naming_convention_names_the_check():
    def before(metadata: MetaData) -> None:
        orders()(metadata)

    def after(metadata: MetaData) -> None:
        metadata.naming_convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
        orders(check("a > 0", "positive"))(metadata)

    lines = lines_between(before, after, "postgresql")
    assert lines == ["op.create_check_constraint(op.f('ck_orders_positive'), 'orders', 'a > 0')"]


def test_a_naming_convention_that_needs_a_name_is_no_failure():
    def after(metadata: MetaData) -> None:
        metadata.naming_convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
        orders(kind=Boolean(create_constraint=True))(metadata)

    found = _operations(orders(kind=Boolean()), after, "sqlite")
    assert [each.constraint_name for each in found] == [None]


def test_what_was_dropped_comes_back_as_it_was():
    (found,) = _operations(orders(check("b <> '\\:x'", "words")), orders(), "postgresql")
    assert str(found.reverse().condition) == "b <> ':x'"


def _operations(before, after, name: str) -> list:
    with state_connection(metadata_of(before), name) as connection:
        return operations_between(connection, metadata_of(after))
