import pytest
from sqlalchemy import Column, Integer
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql

from alembic_manage.operations import ReplacePrimaryKey

DIALECT = MySQLDialect_pymysql()
ID = Column("id", Integer, nullable=False, autoincrement=True)


@pytest.mark.parametrize(
    ("operation", "up", "down"),
    [
        (
            ReplacePrimaryKey("orders", ("id",), ("id", "line")),
            "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id, line)",
            "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id)",
        ),
        (
            ReplacePrimaryKey("orders", ("id",), ("code",), ID, "shop"),
            "ALTER TABLE shop.orders MODIFY id INTEGER NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (code)",
            "ALTER TABLE shop.orders DROP PRIMARY KEY, ADD PRIMARY KEY (id), MODIFY id INTEGER NOT NULL AUTO_INCREMENT",
        ),
        (
            ReplacePrimaryKey("orders", ("id",), (), ID),
            "ALTER TABLE orders MODIFY id INTEGER NOT NULL, DROP PRIMARY KEY",
            "ALTER TABLE orders ADD PRIMARY KEY (id), MODIFY id INTEGER NOT NULL AUTO_INCREMENT",
        ),
    ],
)
def test_one_statement_each_way(operation: ReplacePrimaryKey, up: str, down: str):
    assert operation.statements(DIALECT) == [up]
    assert operation.reverse().statements(DIALECT) == [down]
    assert operation.reverse().reverse().statements(DIALECT) == [up]
