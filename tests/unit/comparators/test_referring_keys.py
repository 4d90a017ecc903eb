"""Foreign keys out of the way of the keys that they rest on, found on the history state."""

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from support.comparison import lines_between


def shop(*key: str, unique: bool = False, refers: bool = True):
    def model(metadata: MetaData) -> None:
        columns = [Column(name, Integer, nullable=False, autoincrement=False) for name in ("id", "shop")]
        others = [UniqueConstraint("id", name="uq")] if unique else []
        Table("customers", metadata, *columns, PrimaryKeyConstraint(*key, name="pk"), *others)
        foreign = ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk", ondelete="CASCADE")
        Table("orders", metadata, Column("customer_id", Integer), *([foreign] if refers else []))

    return model


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_a_foreign_key_goes_first_and_comes_back_last(name: str):
    lines = lines_between(shop("id"), shop("id", "shop", unique=True), name)
    assert lines[0] == "op.drop_constraint(op.f('fk'), 'orders', type_='foreignkey')"
    assert lines[-1].strip() == (
        "op.create_foreign_key(op.f('fk'), 'orders', 'customers', ['customer_id'], ['id'], ondelete='CASCADE')"
    )


def test_one_that_goes_anyway_goes_once():
    lines = lines_between(shop("id"), shop("id", "shop", refers=False), "postgresql")
    assert sum("foreignkey" in line for line in lines) == 1
    assert not any("create_foreign_key" in line for line in lines)


def test_where_a_key_may_go_under_a_foreign_key_it_stays():
    lines = lines_between(shop("id"), shop("id", "shop", unique=True), "sqlite")
    assert not any("fk" in line for line in lines)
