"""Rows that are read and written: what runs twice shows in the balance."""

import sqlalchemy as sa
from alembic import op

revision = "0005_interest"
down_revision = "0004_status"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    op.execute("UPDATE customers SET balance = balance + 1")
    for id, balance in bind.execute(sa.text("SELECT id, balance FROM customers WHERE id < 5 ORDER BY id")).all():
        paid = {"id": id, "balance": balance + 10 * id}
        bind.execute(sa.text("UPDATE customers SET balance = :balance WHERE id = :id"), paid)
    op.add_column("customers", sa.Column("orders", sa.Integer))
    op.execute("UPDATE customers SET orders = (SELECT count(*) FROM orders WHERE customer_id = customers.id)")
    op.execute("UPDATE customers SET balance = balance * 2")
    op.execute("INSERT INTO runs (migration) VALUES ('0005')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0005'")
    op.execute("UPDATE customers SET balance = balance / 2")
    with op.batch_alter_table("customers") as batch:
        batch.drop_column("orders")
    op.execute("UPDATE customers SET balance = balance - 10 * id WHERE id < 5")
    op.execute("UPDATE customers SET balance = balance - 1")
