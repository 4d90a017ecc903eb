"""The objects of a schema as text."""

import pytest
import sqlalchemy as sa
from support.states import KINDS, State

from alembic_manage.branches.inventory import Item, inventory_of, unmet_needs

FILLED = sa.MetaData()
sa.Table("customers", FILLED, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "orders",
    FILLED,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id", name="fk_customer", ondelete="CASCADE")),
    sa.Column("total", sa.Numeric(10, 2), server_default="0", nullable=False),
    sa.CheckConstraint("total >= 0", name="ck_total"),
    sa.Index("ix_total", "total"),
)


def texts(state: State) -> dict[str, str]:
    found = inventory_of(state.schema, state.dialect)
    return {str(item): definition.text for item, definition in found.items()}


def test_every_object_is_there_with_its_definition():
    found = texts(State("postgresql", FILLED))
    assert found["column orders.total"] == "NUMERIC(10, 2) NOT NULL DEFAULT '0'"
    assert found["constraint ck_total of orders"] == "CHECK (total >= 0)"
    assert (
        found["constraint fk_customer of orders"]
        == "FOREIGN KEY (customer_id) REFERENCES customers (id) ondelete=CASCADE"
    )
    assert found["index ix_total of orders"] == "(total)"
    assert found["order of the columns of orders"] == "id, customer_id, total"
    assert found["table orders"] == ""


def test_a_constraint_that_is_not_valid_yet_says_so_as_sql_does():
    made = sa.MetaData()
    check = sa.CheckConstraint("total >= 0", name="ck_total", postgresql_not_valid=True)
    sa.Table("orders", made, sa.Column("total", sa.Integer), check)
    assert texts(State("postgresql", made))["constraint ck_total of orders"] == "CHECK (total >= 0) NOT VALID"


@pytest.mark.parametrize("kind", KINDS)
def test_two_states_that_were_made_alike_have_equal_inventories(kind):
    one, other = State(kind, FILLED), State(kind, FILLED)
    assert inventory_of(one.schema, one.dialect) == inventory_of(other.schema, other.dialect)


@pytest.mark.parametrize(
    ("statement", "object"),
    [
        ("COMMENT ON TABLE orders IS 'x'", "table orders"),
        ("COMMENT ON COLUMN orders.total IS 'x'", "column orders.total"),
        ("ALTER TABLE orders ALTER total DROP NOT NULL", "column orders.total"),
        ("ALTER TABLE orders ALTER total TYPE NUMERIC(12, 2)", "column orders.total"),
        ("ALTER TABLE orders ALTER total DROP DEFAULT", "column orders.total"),
        ("CREATE TYPE mood AS ENUM ('good')", "type mood"),
        ("CREATE SEQUENCE numbers", "sequence numbers"),
        ("CREATE SCHEMA archive", "schema archive"),
        ("CREATE EXTENSION citext", "extension CREATE EXTENSION citext"),
        ("DROP INDEX ix_total", "index ix_total of orders"),
        ("ALTER TABLE orders DROP CONSTRAINT ck_total", "constraint ck_total of orders"),
    ],
)
def test_each_kind_of_change_changes_one_text(statement, object):
    state = State("postgresql", FILLED)
    before = texts(state)
    with state.engine.connect() as connection:
        connection.exec_driver_sql(statement)
    after = texts(state)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {object}


def test_an_index_knows_its_columns_and_a_foreign_key_its_table():
    state = State("postgresql", FILLED)
    found = inventory_of(state.schema, state.dialect)
    assert found[Item("index", "ix_total", "orders")].uses == {Item("column", "total", "orders")}
    foreign_key = found[Item("constraint", "fk_customer", "orders")]
    assert (foreign_key.refers_to, foreign_key.refers_to_columns) == ("customers", {"id"})
    assert {str(item) for item in foreign_key.uses} == {
        "column orders.customer_id",
        "table customers",
        "column customers.id",
    }


def unmet(alone: str, other: str, kind: str = "sqlite") -> list[str]:
    """What is not there for the SQL `alone` once `other` has run too."""
    states = [State(kind, FILLED) for _ in range(3)]
    for state, statements in zip(states, ("", alone, f"{alone};{other}"), strict=True):
        with state.engine.connect() as connection:
            for statement in filter(None, statements.split(";")):
                connection.exec_driver_sql(statement)
    return list(unmet_needs(*(inventory_of(state.schema, state.dialect) for state in states)))


LINES = "CREATE TABLE lines (total NUMERIC REFERENCES orders (total))"


@pytest.mark.parametrize(
    ("alone", "other", "expected"),
    [
        ("CREATE INDEX ix2 ON orders (total)", "DROP INDEX ix_total", []),
        (LINES, "DROP TABLE orders", ["column orders.total", "table orders"]),
        (
            "CREATE UNIQUE INDEX uq ON orders (total);" + LINES,
            "DROP INDEX uq",
            ["refers to orders (total), which is no key"],
        ),
        (LINES, "ALTER TABLE orders RENAME TO purchases", []),
    ],
)
def test_what_a_constraint_needs_and_another_branch_takes_away(alone, other, expected):
    found = unmet(alone, other)
    assert len(found) == len(expected)
    assert all(part in line for part, line in zip(expected, found, strict=True))
