"""Statements with CONCURRENTLY, read from their text."""

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.concurrently import ConcurrentStatement, IndexWork, concurrent_statement

RULES = dialect_named("postgresql")


def read(sql: str) -> ConcurrentStatement | None:
    return concurrent_statement(sql, RULES)


def known(sql: str) -> ConcurrentStatement:
    found = read(sql)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("sql", "table", "index"),
    [
        ("CREATE INDEX CONCURRENTLY a ON t (x)", "t", "a"),
        ("create unique index concurrently if not exists A on only s.T using gin (x)", "s.T", "a"),
        ('CREATE INDEX CONCURRENTLY "Odd ""Name" ON "S"."My Table" (x)', '"S"."My Table"', 'Odd "Name'),
        ("-- why\n/* and */ CREATE INDEX CONCURRENTLY /* of */ a ON t(x);", "t", "a"),
        ("CREATE INDEX CONCURRENTLY ON t (x)", "t", None),
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + "a" * 70 + " ON t (x)", "t", "a" * 63),
    ],
)
def test_create_index(sql: str, table: str, index: str | None):
    assert read(sql) == ConcurrentStatement(IndexWork.CREATE, table, None, index)


@pytest.mark.parametrize(
    ("sql", "table", "path", "index"),
    [
        ("REINDEX INDEX CONCURRENTLY s.a", None, "s.a", "a"),
        ("REINDEX (VERBOSE, CONCURRENTLY) INDEX a", None, "a", "a"),
        ("REINDEX (VERBOSE) TABLE CONCURRENTLY s.t", "s.t", None, None),
    ],
)
def test_reindex(sql: str, table: str | None, path: str | None, index: str | None):
    assert read(sql) == ConcurrentStatement(IndexWork.REINDEX, table, path, index)


def test_drop_index():
    sql = 'DROP INDEX CONCURRENTLY IF EXISTS s."A"'
    assert read(sql) == ConcurrentStatement(IndexWork.DROP, None, 's."A"', "A")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX a ON t (x)",
        "CREATE INDEX concurrently ON t (x)".replace("concurrently", '"concurrently"'),
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "SELECT 'CREATE INDEX CONCURRENTLY a ON t (x)'",
        "REINDEX DATABASE CONCURRENTLY d",
        "CREATE INDEX CONCURRENTLY",
        "CREATE INDEX CONCURRENTLY a",
        "DROP INDEX CONCURRENTLY",
        "REINDEX INDEX CONCURRENTLY",
        "REINDEX (CONCURRENTLY",
        "",
    ],
)
def test_every_other_statement_is_none(sql: str):
    assert read(sql) is None


@pytest.mark.parametrize(
    ("sql", "left", "not_left"),
    [
        ("CREATE INDEX CONCURRENTLY a ON t (x)", ["a"], ["b", "a_ccnew", "t_x_idx"]),
        ("CREATE INDEX CONCURRENTLY ON t (x)", ["t_x_idx", "t_x_idx1"], ["a", "t_x_idx_ccnew"]),
        ("REINDEX INDEX CONCURRENTLY a", ["a_ccnew", "a_ccnew1", "a_ccold"], ["a", "b_ccnew", "ab_ccnew", "a_cc"]),
        (f"REINDEX INDEX CONCURRENTLY {'a' * 63}", ["a" * 57 + "_ccnew"], ["a" * 40 + "_ccnew"]),
        ("REINDEX TABLE CONCURRENTLY t", ["a_ccnew", "b_ccold2"], ["a"]),
        ("DROP INDEX CONCURRENTLY a", [], ["a"]),
    ],
)
def test_what_a_failed_statement_leaves(sql: str, left: list[str], not_left: list[str]):
    statement = known(sql)
    assert [name for name in left + not_left if statement.leaves(name)] == left


def test_an_index_that_was_being_dropped_is_of_interest():
    assert known("DROP INDEX CONCURRENTLY a").concerns("a")
    assert not known("DROP INDEX CONCURRENTLY a").concerns("b")
