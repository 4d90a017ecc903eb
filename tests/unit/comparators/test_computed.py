"""Computed columns, found on the history state."""

from typing import Any

import pytest
from sqlalchemy import Column, Computed, Index, Integer, MetaData, String, Table, UniqueConstraint
from support.comparison import lines_between

pytestmark = pytest.mark.filterwarnings("ignore:Computed column .* is being created as 'STORED'")
NAMES = ("postgresql", "mysql", "sqlite")


def orders(*arguments: Any, type_: Any = Integer, keys: bool = False, **options: Any):
    def model(metadata: MetaData) -> None:
        table = Table(
            "orders",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("n", Integer),
            Column("total", type_, *arguments, **options),
        )
        if keys:
            Index("ix_total", table.c.total)
            table.append_constraint(UniqueConstraint("total", "n", name="uq_total"))

    return model


def steps(lines: list[str]) -> list[str]:
    """The beginnings of the lines, by operation."""
    return [line.strip().partition("(")[0] for line in lines if not line.strip().startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_another_expression_replaces_the_column(name: str):
    lines = lines_between(orders(Computed("n * 2")), orders(Computed("n * 3")), name)
    assert steps(lines) == ["op.drop_column", "op.add_column"]
    assert lines[0] == "# total is computed in another way: it is dropped and added again"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_expression_in_another_spelling_is_no_change(name: str):
    assert lines_between(orders(Computed("n * 2")), orders(Computed("( n*2 )")), name) == ["pass"]


def test_parentheses_that_matter_are_a_change():
    before, after = orders(Computed("n * 2 + 1")), orders(Computed("n * (2 + 1)"))
    assert lines_between(before, after, "postgresql") != ["pass"]


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_column_becomes_computed_with_a_word_about_its_values(name: str):
    lines = lines_between(orders(), orders(Computed("n * 2")), name)
    assert lines[0] == "# total becomes a computed column: the values that are in it are lost"
    assert steps(lines) == ["op.drop_column", "op.add_column"]


def test_what_was_computed_is_kept_where_the_database_can():
    lines = lines_between(orders(Computed("n * 2")), orders(), "postgresql")
    assert lines == ["op.execute('ALTER TABLE orders ALTER COLUMN total DROP EXPRESSION')"]


@pytest.mark.parametrize("name", ["mysql", "sqlite"])
def test_what_was_computed_is_put_into_the_new_column(name: str):
    lines = lines_between(orders(Computed("n * 2")), orders(nullable=False), name)
    assert steps(lines)[:3] == ["op.drop_column", "op.add_column", "op.execute"]
    assert "UPDATE orders SET total = n * 2 WHERE total IS NULL" in " ".join(lines)
    assert "nullable=False" in " ".join(lines)


def test_indexes_and_keys_of_the_column_are_made_anew():
    lines = lines_between(orders(Computed("n * 2"), keys=True), orders(Computed("n * 3"), keys=True), "postgresql")
    assert steps(lines) == [
        "op.drop_index",
        "op.drop_constraint",
        "op.drop_column",
        "op.add_column",
        "op.create_unique_constraint",
        "op.create_index",
    ]


@pytest.mark.parametrize("name", ["mysql", "sqlite"])
def test_storing_it_is_a_change_where_there_is_a_choice(name: str):
    before, after = orders(Computed("n * 2")), orders(Computed("n * 2", persisted=True))
    assert lines_between(before, after, name) != ["pass"]
    assert lines_between(orders(Computed("n * 2")), orders(Computed("n * 2", persisted=False)), name) == ["pass"]


def test_another_type_replaces_the_column_where_it_cannot_be_altered():
    before, after = orders(Computed("n * 2"), type_=String(9)), orders(Computed("n * 2"), type_=String(20))
    assert steps(lines_between(before, after, "mysql")) == ["op.drop_column", "op.add_column"]
    assert steps(lines_between(before, after, "postgresql"))[0] == "op.alter_column"
