from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from alembic_manage.operations import ChangeUnique


def test_a_constraint_is_added_and_dropped():
    operation = ChangeUnique("orders", "uq", "UNIQUE (a) INCLUDE (b)", "shop")
    dialect = PGDialect_psycopg()
    assert operation.statements(dialect) == ["ALTER TABLE shop.orders ADD CONSTRAINT uq UNIQUE (a) INCLUDE (b)"]
    assert operation.reverse().statements(dialect) == ["ALTER TABLE shop.orders DROP CONSTRAINT uq"]
    assert operation.reverse().reverse().statements(dialect) == operation.statements(dialect)
