"""What a statement is about, read from its text."""

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.lock_trace.statement import Statement

POSTGRESQL, MARIADB = dialect_named("postgresql"), dialect_named("mysql")


@pytest.mark.parametrize(
    ("sql", "verb", "table"),
    [
        ("ALTER TABLE IF EXISTS ONLY Orders ADD COLUMN a int", "ALTER TABLE", "orders"),
        ('ALTER TABLE "Odd"."Order" DROP COLUMN a', "ALTER TABLE", "Odd.Order"),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON shop.orders (a)", "CREATE INDEX", "shop.orders"),
        ("/* note */ DROP TABLE IF EXISTS orders CASCADE", "DROP TABLE", "orders"),
        ("INSERT INTO orders (id) SELECT 1", "INSERT", "orders"),
        ("UPDATE ONLY orders SET a = 1", "UPDATE", "orders"),
        ("DELETE FROM orders", "DELETE", "orders"),
        ("TRUNCATE TABLE orders", "TRUNCATE", "orders"),
        ("COMMENT ON COLUMN orders.note IS 'ALTER TABLE'", "COMMENT", "orders"),
        ("CREATE TYPE colour AS ENUM ('a')", "CREATE TYPE", None),
        ("SELECT 1", "SELECT", None),
    ],
)
def test_verb_and_table(sql, verb, table):
    statement = Statement(sql, POSTGRESQL)
    assert (statement.verb, statement.table) == (verb, table)


def test_names_are_as_the_database_of_the_statement_keeps_them():
    assert Statement("ALTER TABLE `Orders` ADD a int", MARIADB).table == "Orders"
    assert Statement("DROP INDEX ix ON Orders", MARIADB).table == "Orders"


def test_new_foreign_keys_name_the_tables_that_they_refer_to_once():
    sql = "CREATE TABLE a (x int REFERENCES b (id), y int REFERENCES b (id), z int REFERENCES s.c (id))"
    assert Statement(sql, POSTGRESQL).referenced == ("b", "s.c")


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("ALTER TABLE t ADD a int, ALGORITHM=INPLACE, LOCK=NONE", "ALTER TABLE t ADD a int"),
        ("ALTER TABLE t ALGORITHM = INSTANT, ADD lock int", "ALTER TABLE t  ADD lock int"),
        ("CREATE INDEX ix ON t (a) ALGORITHM INPLACE LOCK NONE", "CREATE INDEX ix ON t (a)  "),
        ("ALTER TABLE t ADD a text DEFAULT 'LOCK=NONE'", "ALTER TABLE t ADD a text DEFAULT 'LOCK=NONE'"),
    ],
)
def test_clauses_are_taken_out_of_a_statement(sql, left):
    assert Statement(sql, MARIADB).without_clauses("ALGORITHM", "LOCK") == left


def test_what_a_clause_says():
    statement = Statement("ALTER TABLE t ADD lock int, ALGORITHM=inplace", MARIADB)
    assert (statement.clause("ALGORITHM"), statement.clause("LOCK")) == ("INPLACE", None)
