"""What UNIQUE constraints say besides their columns, found on the history state."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, UniqueConstraint
from support.comparison import lines_between


def orders(*columns: str, name: str | None = "uq", **options):
    def model(metadata: MetaData) -> None:
        unique = [UniqueConstraint(*columns, name=name, **options)] if columns else []
        Table("orders", metadata, Column("a", Integer), Column("b", Integer), *unique)

    return model


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"deferrable": True}, "deferrable=True"),
        ({"deferrable": True, "initially": "DEFERRED"}, "initially='DEFERRED'"),
        ({"postgresql_nulls_not_distinct": True}, "postgresql_nulls_not_distinct=True"),
    ],
)
@pytest.mark.parametrize("name", ["uq", None])
def test_a_change_is_a_drop_and_a_new_constraint(options, said: str, name: str | None):
    plain, changed = orders("a", name=name), orders("a", name=name, **options)
    drop, create = lines_between(plain, changed, "postgresql")
    assert drop.startswith("op.drop_constraint(")
    assert said in create
    assert len(lines_between(changed, plain, "postgresql")) == 2
    assert lines_between(changed, changed, "postgresql") == ["pass"]


def test_a_constraint_with_included_columns_is_made_by_sql():
    (line,) = lines_between(orders(), orders("a", postgresql_include=["b"]), "postgresql")
    assert line == "op.execute('ALTER TABLE orders ADD CONSTRAINT uq UNIQUE (a) INCLUDE (b)')"
    (line,) = lines_between(orders("a", postgresql_include=["b"]), orders(), "postgresql")
    assert line == "op.execute('ALTER TABLE orders DROP CONSTRAINT uq')"


def test_the_order_of_the_columns_says_nothing():
    assert lines_between(orders("a", "b"), orders("b", "a"), "postgresql") == ["pass"]
