"""What indexes are, found on the history state."""

import pytest
from alembic.operations import ops
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, func, text
from support.comparison import lines_between, metadata_of, operations_between, state_connection


def orders(*parts, **options):
    def model(metadata: MetaData) -> None:
        columns = [Column("id", Integer, primary_key=True), Column("a", Integer), Column("b", String(20))]
        table = Table("orders", metadata, *columns)
        if parts:
            Index("ix", *(part(table.c) if callable(part) else part for part in parts), _table=table, **options)

    return model


def _operations(before, after, name: str) -> list:
    with state_connection(metadata_of(before), name) as connection:
        return operations_between(connection, metadata_of(after))


CHANGES = [
    ("postgresql", orders("a"), orders("a", postgresql_where=text("a > 0"))),
    ("postgresql", orders("a", postgresql_where=text("a > 1")), orders("a", postgresql_where=text("a > 0"))),
    ("postgresql", orders("a"), orders("a", postgresql_include=["b"])),
    ("postgresql", orders("b"), orders("b", postgresql_ops={"b": "text_pattern_ops"})),
    ("postgresql", orders("a"), orders("a", postgresql_using="hash")),
    ("postgresql", orders("a"), orders("a", postgresql_with={"fillfactor": 70})),
    ("postgresql", orders("a"), orders(lambda c: c.a.desc())),
    ("postgresql", orders("a", unique=True), orders("a", unique=True, postgresql_nulls_not_distinct=True)),
    ("postgresql", orders(lambda c: func.lower(c.b)), orders(lambda c: func.upper(c.b))),
    ("mysql", orders("b"), orders("b", mysql_length=5)),
    ("mysql", orders("b"), orders("b", mysql_prefix="FULLTEXT")),
    ("sqlite", orders("a"), orders("a", sqlite_where=text("a > 0"))),
    ("sqlite", orders(lambda c: func.lower(c.b)), orders(lambda c: func.upper(c.b))),
]


@pytest.mark.parametrize(("name", "before", "after"), CHANGES)
def test_a_changed_index_is_dropped_and_made_anew_once(name: str, before, after):
    for one, other in ((before, after), (after, before)):
        found = _operations(one, other, name)
        assert [type(each) for each in found] == [ops.DropIndexOp, ops.CreateIndexOp]
    assert lines_between(after, after, name) == ["pass"]
    assert lines_between(before, before, name) == ["pass"]


@pytest.mark.parametrize(("name", "before", "after"), CHANGES)
def test_the_way_back_makes_the_old_index(name: str, before, after):
    for one, other in ((before, after), (after, before)):
        drop, _ = _operations(one, other, name)
        assert _made(drop.reverse(), name) == _made(ops.CreateIndexOp.from_index(_index(one)), name)


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_an_index_on_an_expression_is_made_and_dropped(name: str):
    plain, expression = orders(), orders(lambda c: func.lower(c.b))
    assert [type(each) for each in _operations(plain, expression, name)] == [ops.CreateIndexOp]
    assert [type(each) for each in _operations(expression, plain, name)] == [ops.DropIndexOp]


def test_a_new_table_has_its_index_on_an_expression():
    found = _operations(lambda metadata: None, orders(lambda c: func.lower(c.b)), "sqlite")
    assert [type(each) for each in found] == [ops.CreateTableOp, ops.CreateIndexOp]


@pytest.mark.parametrize("other", ["A>0", "(a > 0)", "orders.a > 0"])
def test_a_condition_in_another_spelling_is_the_same(other: str):
    before = orders("a", postgresql_where=text("a > 0"))
    assert lines_between(before, orders("a", postgresql_where=text(other)), "postgresql") == ["pass"]


def test_a_filter_of_env_py_decides():
    def include(object, name, type_, reflected, compare_to):
        return type_ != "index"

    before, after = orders("a"), orders("a", postgresql_where=text("a > 0"))
    assert lines_between(before, after, "postgresql", include_object=include) == ["pass"]


def _index(model) -> Index:
    (index,) = metadata_of(model).tables["orders"].indexes
    return index


def _made(operation: ops.CreateIndexOp, name: str) -> str:
    """The index as the state has it after it was made."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with state_connection(metadata_of(orders()), name) as connection:
        Operations(MigrationContext.configure(connection)).invoke(operation)
        definitions = connection.dialect.catalog.index_definitions(connection, None)
        return " ".join(definitions["orders", "ix"].split())
