"""MATCH of foreign keys, found on the history state."""

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, Table
from support.comparison import lines_between, metadata_of, operations_between, state_connection


def orders(name: str | None = "fk", **options):
    def model(metadata: MetaData) -> None:
        key = ForeignKeyConstraint(["parent_id"], ["orders.id"], name=name, **options)
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("parent_id", Integer), key)

    return model


@pytest.mark.parametrize("name", ["fk", None])
def test_another_match_is_another_key(name: str | None):
    drop, create = lines_between(orders(name), orders(name, match="FULL"), "postgresql")
    assert drop.startswith("op.drop_constraint(")
    assert "match='FULL'" in create
    assert lines_between(orders(name, match="FULL"), orders(name, match="FULL"), "postgresql") == ["pass"]


def test_the_usual_match_may_be_said():
    assert lines_between(orders(), orders(match="SIMPLE"), "postgresql") == ["pass"]


def test_where_it_means_nothing_it_is_no_change():
    assert lines_between(orders(), orders(match="FULL"), "sqlite") == ["pass"]


def test_a_key_that_alembic_drops_comes_back_with_its_match():
    with state_connection(metadata_of(orders(match="FULL", ondelete="CASCADE")), "postgresql") as connection:
        found = operations_between(connection, metadata_of(orders(match="FULL")))
    (back,) = [each.reverse() for each in found if type(each).__name__ == "DropConstraintOp"]
    assert back.kw["match"] == "FULL"
    assert len(found) == 2
