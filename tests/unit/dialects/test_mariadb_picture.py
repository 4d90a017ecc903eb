"""Which statements MariaDB's picture asks one table for: those that change no other object."""

import pytest

from alembic_manage.dialects.mariadb.catalog import _ONE_TABLE, _OTHERS_TOO


def path_in(statement: str) -> str | None:
    match = _ONE_TABLE.match(statement)
    if match is None or _OTHERS_TOO.search(statement):
        return None
    return ".".join(name for name in match.groups()[2:] if name)


@pytest.mark.parametrize(
    ("statement", "path"),
    [
        ("CREATE TABLE orders (id INTEGER)", "orders"),
        ("create table if not exists `my orders` (id INTEGER)", "`my orders`"),
        ("CREATE TABLE shop.orders (id INTEGER)", "shop.orders"),
        ("CREATE TABLE `shop` . `a``b` (id INTEGER)", "`shop`.`a``b`"),
        ("ALTER TABLE orders ADD COLUMN note TEXT", "orders"),
        ("ALTER TABLE orders RENAME COLUMN note TO text", "orders"),
        ("ALTER TABLE orders RENAME INDEX a TO b", "orders"),
        ("CREATE INDEX ix_orders ON orders (id)", "orders"),
        ("CREATE UNIQUE INDEX `ix orders` ON `orders`(id)", "`orders`"),
        ("DROP INDEX ix_orders ON shop.orders", "shop.orders"),
    ],
)
def test_one_table(statement: str, path: str) -> None:
    assert path_in(statement) == path


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE orders RENAME TO orders_old",
        "ALTER TABLE orders ADD COLUMN note TEXT, RENAME orders_old",
        "ALTER TABLE orders EXCHANGE PARTITION p WITH TABLE old",
        "RENAME TABLE orders TO orders_old",
        "DROP TABLE orders, customers",
        "CREATE OR REPLACE TABLE orders (id INTEGER)",
        "CREATE TEMPORARY TABLE orders (id INTEGER)",
        "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.id = 1",
        "CREATE VIEW v AS SELECT * FROM orders",
        "CREATE /* of */ TABLE orders (id INTEGER)",
        "DROP DATABASE shop",
    ],
)
def test_anything_else_asks_all_questions(statement: str) -> None:
    assert path_in(statement) is None
