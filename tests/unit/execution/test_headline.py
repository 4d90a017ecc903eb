"""A statement in a few words."""

import pytest

from alembic_manage.execution.headline import headline


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE INDEX ix_a ON orders (a)", "CREATE INDEX on orders"),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON shop.orders (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY on shop.orders",
        ),
        ('create index on only "Orders" (a)', "CREATE INDEX on Orders"),
        (
            "\n  -- a comment\nALTER TABLE IF EXISTS ONLY orders ADD COLUMN note TEXT DEFAULT 's3cret'",
            "ALTER TABLE orders",
        ),
        ("CREATE TEMPORARY TABLE `new orders` (id INT)", "CREATE TABLE new orders"),
        ("DROP TABLE orders", "DROP TABLE orders"),
        ("TRUNCATE orders", "TRUNCATE orders"),
        ("INSERT INTO users (name, password) VALUES ('root', 's3cret')", "INSERT INTO users"),
        ("INSERT OR IGNORE INTO users VALUES (1)", "INSERT INTO users"),
        ("UPDATE users SET password = 's3cret'", "UPDATE users"),
        ("DELETE FROM users WHERE token = 's3cret'", "DELETE FROM users"),
        ("SELECT id, name FROM users WHERE token = 's3cret'", "SELECT FROM users"),
        ("SELECT 's3cret' FROM users", "SELECT"),
        ("SELECT pg_sleep(10)", "SELECT pg_sleep"),
        ("CALL add_totals('s3cret')", "CALL add_totals"),
        ("CREATE USER bob IDENTIFIED BY 's3cret'", "CREATE USER bob"),
        ("SET PASSWORD = 's3cret'", "SET PASSWORD"),
        ("/* why */ VACUUM FULL", "VACUUM FULL"),
        ("PREPARE x's3cret'", "PREPARE"),
        ("'s3cret'", "SQL"),
        ("", "SQL"),
    ],
)
def test_it_says_what_is_done_and_to_which_table(statement, words):
    assert headline(statement) == words


def test_a_long_name_is_cut():
    assert len(headline(f"UPDATE {'x' * 200} SET a = 1")) == 60
