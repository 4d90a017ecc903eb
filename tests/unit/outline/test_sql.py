"""SQL in revisions, as a person reads it."""

import pytest

from alembic_manage.outline.revision import outline_of_source
from alembic_manage.outline.sql import change_of_sql


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("ALTER TYPE status ADD VALUE 'archived'", "~ Add value 'archived' to enum status"),
        ("alter type status add value if not exists 'a' before 'b'", "~ Add value 'a' to enum status"),
        ("ALTER TYPE s.\"Status\" RENAME VALUE 'open' TO 'opened'", "~ Rename value 'open' of enum Status to 'opened'"),
        ("ALTER TYPE status RENAME TO state", "~ Rename type status to state"),
        ("CREATE TYPE status AS ENUM ('a', 'b')", "+ Create enum status"),
        ("CREATE TYPE pair AS (a int, b int)", "+ Create type pair"),
        ("DROP TYPE IF EXISTS status", "- Drop type status"),
        ("CREATE SEQUENCE numbers START WITH 5", "+ Create sequence numbers"),
        ("ALTER SEQUENCE numbers INCREMENT BY 2", "~ Alter sequence numbers"),
        ("ALTER SEQUENCE numbers RENAME TO others", "~ Rename sequence numbers to others"),
        ("DROP SEQUENCE numbers", "- Drop sequence numbers"),
        ("ALTER INDEX ix_a RENAME TO ix_b", "~ Rename index ix_a to ix_b"),
        ("ALTER TABLE orders RENAME INDEX `ix_a` TO `ix_b`", "~ Rename index ix_a on orders to ix_b"),
        ("ALTER TABLE orders RENAME CONSTRAINT a TO b", "~ Rename constraint a on orders to b"),
        ("ALTER TABLE orders RENAME COLUMN a TO b", "~ Rename column a on orders to b"),
        ("ALTER TABLE orders RENAME TO bills", "~ Rename table orders to bills"),
        ("ALTER TABLE orders SET SCHEMA old", "~ Move table orders to schema old"),
        ("RENAME TABLE `a`.orders TO b.orders", "~ Move table a.orders to b.orders"),
        ("RENAME TABLE orders TO bills", "~ Rename table orders to bills"),
        ("RENAME TABLE orders TO bills, orders_stand_in TO orders", "~ Rename table orders to bills"),
        ("UPDATE orders SET total = 0 WHERE total IS NULL", "~ Fill orders.total with 0"),
        (
            "UPDATE s.orders SET total = coalesce(a, b) WHERE orders.total IS NULL",
            "~ Fill orders.total with coalesce(a, b)",
        ),
        ("UPDATE orders SET status = 'a' WHERE status = 'b'", "~ Fill orders.status with 'a' where status = 'b'"),
        ("ALTER TABLE orders MODIFY total INTEGER NOT NULL AFTER id", "~ Move column total of orders after id"),
        ("ALTER TABLE orders MODIFY total INTEGER FIRST", "~ Move column total of orders to the front"),
        ("ALTER TABLE orders MODIFY total INTEGER NOT NULL", "~ Alter column total on orders"),
        ("ALTER TABLE orders ADD COLUMN price NUMERIC(10, 2), ALGORITHM=INSTANT", "+ Add column price to orders"),
        ("ALTER TABLE orders DROP COLUMN price, ALGORITHM=INSTANT", "- Remove column price from orders"),
        ("ALTER TABLE orders DROP INDEX ix, ALGORITHM=INPLACE, LOCK=NONE", "- Remove index ix from orders"),
        ("ALTER TABLE orders DROP FOREIGN KEY fk", "- Remove constraint fk from orders"),
        ("CREATE INDEX ix ON orders (a) ALGORITHM=INPLACE LOCK=NONE", "+ Create index ix on orders"),
        ("ALTER TABLE orders ENGINE=InnoDB ROW_FORMAT=DYNAMIC", "~ Alter options of table orders (engine, row_format)"),
        ("ALTER TABLE orders CONVERT TO CHARACTER SET latin1", "~ Alter options of table orders (character set)"),
        ("ALTER TABLE orders ALTER COLUMN a TYPE text USING a::text", "~ Alter column a on orders (type)"),
        ("ALTER TABLE orders ALTER COLUMN a SET DEFAULT 1", "~ Alter column a on orders (default)"),
        ("ALTER TABLE orders ALTER COLUMN a DROP NOT NULL", "~ Alter column a on orders (nullable)"),
        ("ALTER TABLE orders ALTER COLUMN a DROP EXPRESSION", "~ Alter column a on orders (computed)"),
        ("ALTER TABLE orders ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY", "~ Alter column a on orders (identity)"),
        ("ALTER TABLE orders DROP CONSTRAINT ck_a", "- Remove constraint ck_a from orders"),
        ("ALTER TABLE orders ADD CONSTRAINT ck_a CHECK (a > 0)", "+ Create constraint ck_a on orders"),
        ("CREATE UNIQUE INDEX CONCURRENTLY ix_a ON orders (a)", "+ Create index ix_a on orders"),
        ("DROP INDEX ix_a", "- Remove index ix_a"),
        ("SELECT setval(pg_get_serial_sequence('t', 'id'), 1, false) FROM t", "~ Continue the numbers of t.id"),
    ],
)
def test_a_form_that_the_suite_writes_is_described(statement: str, line: str):
    change = change_of_sql(statement)
    assert change.line == line
    assert change.statement == statement


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET note = NULL",
        "UPDATE orders SET a = 1, b = 2 WHERE c IS NULL",
        "ALTER TABLE o MODIFY total INTEGER, ADD COLUMN note text",
        "ALTER TABLE o ADD COLUMN note text, DROP COLUMN total",
        "DELETE FROM orders",
        "ALTER TYPE status OWNER TO me",
    ],
)
def test_other_sql_stays_raw(statement: str):
    assert change_of_sql(statement).line == f"s Raw SQL: {statement}"


def test_what_a_name_says_is_kept_apart():
    change = change_of_sql("ALTER TYPE shop.\"Status\" RENAME VALUE 'it''s' TO 'its'")
    assert (change.kind, change.schema, change.table) == ("rename_enum_value", "shop", "Status")
    assert (change.name, change.new_name) == ("it's", "its")


SWAP = """
def upgrade():
    op.execute("ALTER TYPE status RENAME TO status_old")
    op.execute("CREATE TYPE status AS ENUM ('a')")
    op.execute("ALTER TABLE orders ALTER COLUMN status DROP DEFAULT")
    op.execute("ALTER TABLE orders ALTER COLUMN status TYPE status USING status::text::status")
    op.execute("DROP TYPE {dropped}")
    op.drop_table("other")
"""


def test_a_swapped_type_is_one_change():
    lines = [change.line for change in outline_of_source(SWAP.format(dropped="status_old"), "upgrade")]
    assert lines == ["~ Change the values of enum status", "- Drop table other"]


def test_a_type_that_stays_under_its_other_name_was_not_swapped():
    lines = [change.line for change in outline_of_source(SWAP.format(dropped="another"), "upgrade")]
    assert lines[0] == "~ Rename type status to status_old"
    assert len(lines) == 6


def test_values_in_a_transaction_of_their_own_are_described():
    source = """
def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE status ADD VALUE 'c'")
"""
    assert [change.line for change in outline_of_source(source, "upgrade")] == ["~ Add value 'c' to enum status"]
