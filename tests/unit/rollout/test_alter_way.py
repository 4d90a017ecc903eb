"""With which clauses MariaDB is asked for a change; tests/databases/test_alter_ways.py asks the server."""

from __future__ import annotations

import pytest
from sqlalchemy import TIMESTAMP, Integer, String, Text

from alembic_manage.rollout.alter_way import (
    Alteration,
    Way,
    alterations_of_drop,
    alterations_of_nullability,
    clause_of,
    is_plain_index,
    way_of,
)
from alembic_manage.state.objects import Column, Computed, Index, IndexPart, Key
from alembic_manage.state.schema import Table


def table(*indexes: Index, computed: Computed | None = None, **options: str) -> Table:
    columns = [Column("id", Integer()), Column("note", String(20)), Column("body", Text())]
    columns += [Column("sum", Integer(), computed=computed)] if computed else []
    return Table(Key(None, "orders"), {each.name: each for each in columns}, [], list(indexes), options=options)


def index(*names: str, unique: bool = False, **options: str) -> Index:
    return Index("ix", tuple(IndexPart(name) for name in names), unique, options)


STORED, VIRTUAL = Computed("id + 1", persisted=True), Computed("id + 1", persisted=False)


@pytest.mark.parametrize(
    ("alterations", "before", "way"),
    [
        ([Alteration.COLUMN], table(), Way.INSTANT),
        ([Alteration.COLUMN, Alteration.CATALOG], table(), Way.INSTANT),
        ([Alteration.COLUMN, Alteration.INDEX], table(), Way.INPLACE),
        ([Alteration.CATALOG], table(), Way.INPLACE),
        ([Alteration.COLUMN], table(mysql_row_format="COMPRESSED"), Way.INPLACE),
        ([Alteration.COLUMN], table(mysql_engine="MyISAM"), None),
        ([Alteration.COLUMN], table(index("body", mysql_prefix="FULLTEXT")), None),
        ([Alteration.INDEX], table(index("body", mysql_prefix="FULLTEXT")), Way.INPLACE),
        ([Alteration.CATALOG], table(index("body", unique=True)), None),
        ([Alteration.CATALOG], table(index("body", unique=True, mysql_length="9")), Way.INPLACE),
        ([Alteration.PLACED_COLUMN], table(computed=VIRTUAL), None),
        ([Alteration.PLACED_COLUMN], table(computed=STORED), Way.INSTANT),
        ([Alteration.NOT_NULL], table(computed=STORED), None),
        ([Alteration.NULL], table(computed=STORED), Way.INPLACE),
        ([Alteration.NULL], table(index("sum"), computed=VIRTUAL), None),
    ],
)
def test_what_a_table_has_decides(alterations: list[Alteration], before: Table, way: Way | None):
    assert way_of(alterations, before) == way


@pytest.mark.parametrize(
    ("statement", "written"),
    [
        ("ALTER TABLE a DROP COLUMN b", "ALTER TABLE a DROP COLUMN b, ALGORITHM=INPLACE, LOCK=NONE"),
        ("CREATE INDEX ix ON a (b)", "CREATE INDEX ix ON a (b) ALGORITHM=INPLACE LOCK=NONE"),
        ("DROP INDEX `my ix` ON s.a", "ALTER TABLE s.a DROP INDEX `my ix`, ALGORITHM=INPLACE, LOCK=NONE"),
        ("DROP INDEX ix ON `my table`", "ALTER TABLE `my table` DROP INDEX ix, ALGORITHM=INPLACE, LOCK=NONE"),
    ],
)
def test_clauses_stand_where_the_grammar_has_them(statement: str, written: str):
    assert clause_of(Way.INPLACE, statement) == written


def test_a_column_of_an_index_takes_more_than_the_catalog():
    assert alterations_of_drop("note", table(index("note"))) == (Alteration.COLUMN, Alteration.INDEX)
    assert alterations_of_drop("body", table(index("note"))) == (Alteration.COLUMN,)


def test_a_long_unique_is_a_hash_and_a_plain_index_never_is():
    assert not is_plain_index(["body"], {}, table(), unique=True)
    assert is_plain_index(["body"], {}, table(), unique=False)
    assert is_plain_index(["note"], {}, table(), unique=True)


def test_a_timestamp_that_becomes_not_null_is_none_of_them():
    assert alterations_of_nullability(TIMESTAMP(), nullable=False) == ()
    assert alterations_of_nullability(TIMESTAMP(), nullable=True) == (Alteration.NULL,)
