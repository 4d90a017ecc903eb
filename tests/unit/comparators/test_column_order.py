"""The order of columns, found on the history state."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from support.comparison import lines_between, metadata_of, operations_between, state_connection


def orders(*names: str):
    def model(metadata: MetaData) -> None:
        Table("orders", metadata, *(Column(name, Integer, primary_key=name == "id") for name in names))

    return model


def moves(before: str, after: str) -> list[str]:
    lines = lines_between(orders("id", *before), orders("id", *after), "mysql")
    found = [line.strip() for line in lines if "MODIFY" in line]
    return [line.removeprefix("op.execute('ALTER TABLE orders MODIFY ").removesuffix("')") for line in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "abc", []),
        ("abc", "cab", ["c INTEGER AFTER id"]),
        ("abc", "bca", ["a INTEGER AFTER c"]),
        ("abcd", "dcba", ["d INTEGER AFTER id", "c INTEGER AFTER d", "b INTEGER AFTER c"]),
        ("ab", "axb", ["x INTEGER AFTER a"]),
        ("ab", "abx", []),
        ("abc", "ac", []),
        ("abc", "xca", ["x INTEGER AFTER id", "c INTEGER AFTER x"]),
    ],
)
def test_as_few_columns_as_possible_move(before: str, after: str, expected: list[str]):
    assert moves(before, after) == expected


def test_the_key_of_a_column_is_not_its_name():
    def keyed(metadata: MetaData) -> None:
        b, a = Column("b", Integer, key="bb"), Column("a", Integer, key="aa")
        Table("orders", metadata, Column("id", Integer, primary_key=True), b, a)

    assert "MODIFY" in lines_between(orders("id", "a", "b"), keyed, "mysql")[0]


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_a_database_that_cannot_move_columns_says_nothing(name: str):
    assert lines_between(orders("id", "a", "b"), orders("id", "b", "a"), name) == ["pass"]


def test_a_moved_column_goes_back_and_a_new_one_does_not():
    after = metadata_of(orders("id", "x", "b", "a"))
    with state_connection(metadata_of(orders("id", "a", "b")), "mysql") as connection:
        back = [each.reverse() for each in operations_between(connection, after)]
        dialect = connection.dialect
        found = [each.statements(dialect) for each in back if hasattr(each, "statements")]
    assert [] in found
    assert sum(map(len, found)) == 1
